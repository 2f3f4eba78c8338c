import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-25",
  statement: "An instance takes 1 to 2 cores, 1 to 2 GB and 100 Mbps, and limits contain exhaustion.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Capacity Planning: Resource Requirements",
  decides:
    "At least 99 % of operations are served while an instance that hits its memory limit is ended and comes back; memory and CPU are sampled in every run, and bytes are not.",
} satisfies Claim;
