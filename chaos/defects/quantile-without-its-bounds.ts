/** Summed once too often. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "quantile-without-its-bounds",
  claim: "AB-17",
  what: "The rule for the 95th percentile sums the buckets of an instance without keeping them apart, and there is nothing to take a quantile of.",
  edits: [
    {
      file: "deploy/observability/rules.yaml",
      find: "histogram_quantile(0.95, sum by (instance, le) (rate(",
      replace: "histogram_quantile(0.95, sum by (instance) (rate(",
    },
  ],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
