import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-1",
  statement: "More replicas behind the balancer carry more load.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Docker Compose Configuration",
  decides: "Capacity of latency-bound requests on 1 to N API instances of one run, as a ratio with its interval; saturated cores decide nothing.",
  untried: {
    kind: "not yet",
    reason: "No experiment of chaos tries it: npm run capacity -- --only api-scaling measures it on 1, 2 and 4 instances, and judges it there.",
  },
} satisfies Claim;
