import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-17",
  statement: "Request rate and latency are told for each instance.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Monitoring Scaled Deployment: Prometheus Metrics",
  decides:
    "Between two readings under load, counters, times and their buckets are those of the requests that clients saw answered by that instance; none falls when a worker is replaced; and a Prometheus that scrapes them under load answers every query of the dashboard and has what the rules record, rate and latency for each instance.",
  readings: {
    documented: "The guide's query for the 95th percentile groups after the quantile, which is no PromQL.",
    corrected: "The buckets are summed by instance and bound before the quantile is taken.",
  },
} satisfies Claim;
