import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-16",
  statement: "Local read replicas serve reads, and clients cope with eventual consistency.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Latency Optimization",
  decides: "Staleness is measured; within a session reads see its own writes and never go back where that is promised.",
  untried: { kind: "out of reach", reason: "It takes a replica; the checker of sessions is written." },
} satisfies Claim;
