/** The attempt did not come to its end, so it counts like every other that did not. A run that takes longer than the drain time ends in error at the fourth deployment that it meets. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "drains-are-failures",
  claim: "LG-6",
  what: "A run that an instance gives back because it was told to stop uses up one of its retries for transient errors, and the fourth ends it.",
  edits: [
    {
      file: "runs/execute.ts",
      find: "  if (error instanceof AttemptAborted) {\n    await requeueRun",
      replace: '  if (error instanceof AttemptAborted && (error.reason !== "draining" || run.failures < retryLimit)) {\n    await requeueRun',
    },
    {
      file: "runs/execute.ts",
      find: "{ reason: error.reason, failed: false, delayMs: 0 }",
      replace: '{ reason: error.reason, failed: error.reason === "draining", delayMs: 0 }',
    },
  ],
  caughtBy: ["stop-again-and-again"],
} satisfies Defect;
