import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-17",
  statement: "Request rate and latency are told for each instance.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Monitoring Scaled Deployment: Prometheus Metrics",
  decides: "The counters equal what was sent, and every query of the dashboard has data.",
  readings: {
    documented: "The guide's query for the 95th percentile groups after the quantile, which is no PromQL.",
    corrected: "The buckets are summed by instance and bound before the quantile is taken.",
  },
  untried: {
    kind: "tested in the server",
    tests: ["deploy/observability.test.ts", "workers/instance-metrics.test.ts"],
    reason: "A real Prometheus scrapes two instances there; the counters of experiments are not compared with the histories.",
  },
} satisfies Claim;
