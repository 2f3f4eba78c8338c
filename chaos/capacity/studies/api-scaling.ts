/** Queries that wait for a model on 1, 2 and 4 instances behind the balancer, each of which answers four at a time. One that answers them one after another in all does not grow. */
import type { ScalingStudy } from "../../../harness/capacity/study.ts";
import { oneQuery, placesForQueries, placesForRuns, poolOfConnections, queryGauges } from "../deployment.ts";

export default {
  kind: "scaling",
  id: "api-scaling",
  title: "Throughput of queries on 1, 2 and 4 instances behind the balancer",
  profile: "nightly",
  topology: { api: 4, queue: 3 },
  environment: { api: { QUERIES_AT_ONCE: "4" } },
  gauges: queryGauges,
  limits: (setting) => [...poolOfConnections(setting), placesForQueries(setting), placesForRuns(setting)],
  load: { scenario: "ask-queries", settings: { MODEL_MS: "[400]" }, work: oneQuery },
  window: { warmUpMs: 2000, measureMs: 7000 },
  role: "api",
  sizes: [1, 2, 4],
  rounds: 2,
  clientsPerInstance: 8,
  claim: "HS-1",
  asks: "more",
} satisfies ScalingStudy;
