/** The guide's own query, in the rules: Prometheus takes none of them. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "rule-as-documented",
  claim: "AB-17",
  what: "The rule for the 95th percentile groups by instance after the quantile was taken, as the guide writes it, which is no PromQL.",
  edits: [
    {
      file: "deploy/observability/rules.yaml",
      find: "histogram_quantile(0.95, sum by (instance, le) (rate(http_request_duration_seconds_bucket[5m])))",
      replace: "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m])) by (instance)",
    },
  ],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
