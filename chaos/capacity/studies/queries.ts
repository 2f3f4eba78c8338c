/** Queries, each one request that is open until its answer is there: what the instances behind the balancer carry, while the queue has places to spare. */
import type { SearchStudy } from "../../../harness/capacity/study.ts";
import { oneQuery, placesForQueries, placesForRuns, poolOfConnections, queryGauges } from "../deployment.ts";

export default {
  kind: "search",
  id: "queries",
  title: "Queries of 300 ms on 2 api instances that answer eight at a time",
  profile: "nightly",
  topology: { api: 2, queue: 3 },
  environment: { api: { QUERIES_AT_ONCE: "8" } },
  gauges: queryGauges,
  limits: (setting) => [...poolOfConnections(setting), placesForQueries(setting), placesForRuns(setting)],
  load: { scenario: "ask-queries", settings: { MODEL_MS: "[300]" }, work: oneQuery },
  window: { warmUpMs: 1500, measureMs: 8000 },
  objectives: { successRatio: 0.999, p95Ms: 600, p99Ms: 1200 },
  search: { fromPerSecond: 10, toPerSecond: 400, climb: 1.6, precision: 0.05, confirm: { need: 2, of: 3 }, windows: 24 },
  streamEveryNth: 0,
  creates: "",
} satisfies SearchStudy;
