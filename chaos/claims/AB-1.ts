import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-1",
  statement: "Least connections suits AI workloads, in which short and long requests mix.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Configuration: Load Balancer Algorithm",
  decides:
    "The same arrivals under least_conn and under round robin: by the first, instances are at most 0.7 times as far apart, and short requests wait no longer (95th percentile).",
} satisfies Claim;
