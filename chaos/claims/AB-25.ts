import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-25",
  statement: "An instance takes 1 to 2 cores, 1 to 2 GB and 100 Mbps, and limits contain exhaustion.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Capacity Planning: Resource Requirements",
  decides: "Memory, CPU and bytes at capacity, and an instance that hits its limit while the others serve.",
  untried: { kind: "out of reach", reason: "Limits of an instance take containers; memory and CPU are sampled in every run and decide nothing." },
} satisfies Claim;
