/** A run whose attempts always fail is executed for ever. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "retries-without-end",
  claim: "LG-6",
  what: "An attempt that failed on a transient error is tried again however often that happened before.",
  edits: [{ file: "runs/execute.ts", find: `transient && run.failures < retryLimit`, replace: `transient && retryLimit > 0` }],
  caughtBy: ["fail-attempts"],
} satisfies Defect;
