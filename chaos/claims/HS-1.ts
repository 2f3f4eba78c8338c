import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-1",
  statement: "More replicas behind the balancer carry more load.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Docker Compose Configuration",
  decides:
    "Requests that take their time, of which an instance takes so many at once, on 1, 2 and 3 API instances of one run: answers a second, as a ratio with its interval; saturated cores decide nothing.",
  bound: {
    value: 75,
    unit: "% of linear growth",
    why: "a quarter less is what the chance of arrivals and the instances' own work make of it; not growing at all is far below",
  },
} satisfies Claim;
