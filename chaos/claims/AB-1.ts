import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-1",
  statement: "Least connections suits AI workloads, in which short and long requests mix.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Configuration: Load Balancer Algorithm",
  decides: "The same arrivals under least_conn and under round robin: imbalance and 95th percentile.",
  untried: {
    kind: "tested in the server",
    tests: ["deploy/nginx-balancing.test.ts"],
    reason: "That a busy upstream is avoided is tried there; the two strategies are not compared on the same arrivals.",
  },
} satisfies Claim;
