import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-16",
  statement: "Local read replicas serve reads, and clients cope with eventual consistency.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Latency Optimization",
  decides:
    "Instances read from a standby of their own, whose replication is delayed, cut and led by another primary: a client that says how far it has got reads what it wrote, itself or by a tool, and never goes back, and how old the others' reads are is measured. Instances in several regions are not tried.",
  bound: { value: 10_000, unit: "ms behind", why: "a cut of 5 s, and until a standby has found its primary again and follows it" },
  readings: {
    documented: "Replicas serve reads, and users accept eventual consistency.",
    corrected: "A reader who tells how far he has got is sent to a replica that has got there, and to the primary while there is none.",
  },
} satisfies Claim;
