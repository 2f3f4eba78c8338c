/** Two sides whose labels differ have nothing to compare. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "alert-matches-nothing",
  claim: "HA-14",
  what: "The alert of the pool compares connections with the threshold of a series that has the same labels, and there is none.",
  edits: [
    {
      file: "deploy/observability/rules.yaml",
      find: ">= ignoring (state) pg_pool_alert_threshold",
      replace: ">= pg_pool_alert_threshold",
    },
  ],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
