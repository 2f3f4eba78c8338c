/** A transient error ends a run in error. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "gives-up-at-once",
  claim: "LG-6",
  what: "An attempt that failed on a transient error is not tried again.",
  edits: [{ file: "runs/execute.ts", find: `transient && run.failures < retryLimit`, replace: `transient && run.failures > retryLimit` }],
  caughtBy: ["fail-attempts"],
} satisfies Defect;
