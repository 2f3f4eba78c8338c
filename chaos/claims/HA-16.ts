import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-16",
  statement: "Local read replicas serve reads, and clients cope with eventual consistency.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Latency Optimization",
  decides: "Staleness is measured; within a session reads see its own writes and never go back where that is promised.",
  readings: {
    documented: "Replicas serve reads, and users accept eventual consistency.",
    corrected: "A reader who tells how far he has got is sent to a replica that has got there, and to the primary while there is none.",
  },
  untried: {
    kind: "tested in the server",
    tests: ["store/replica.test.ts", "store/replica-behind.test.ts"],
    reason:
      "Reads are routed there between a primary and a standby that replays 5 s late; no experiment delays or cuts the replication of instances' own replicas under load, and instances in several regions are not tried.",
  },
} satisfies Claim;
