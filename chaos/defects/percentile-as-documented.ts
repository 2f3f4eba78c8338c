/** The guide's own query. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "percentile-as-documented",
  claim: "AB-17",
  what: "The dashboard groups the 95th percentile by instance after it was taken, as the guide writes it, which is no PromQL.",
  edits: [
    {
      file: "deploy/observability/dashboard.json",
      find: "histogram_quantile(0.95, sum by (instance, le) (rate(http_request_duration_seconds_bucket[$__rate_interval])))",
      replace: "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[$__rate_interval])) by (instance)",
    },
  ],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
