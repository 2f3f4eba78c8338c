/** Counted from the wrong end. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "gives-up-after-two",
  claim: "LG-6",
  what: "A transient error is retried twice, not three times.",
  edits: [{ file: "runs/execute.ts", find: "run.failures < retryLimit)", replace: "run.failures < retryLimit - 1)" }],
  caughtBy: ["fail-attempts"],
} satisfies Defect;
