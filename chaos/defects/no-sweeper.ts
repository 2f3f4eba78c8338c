/** The runs of a killed instance stay in the running state for ever. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "no-sweeper",
  claim: "LG-8",
  what: "Nobody looks for runs whose handler has died.",
  edits: [
    {
      file: "runs/sweep.ts",
      find: `      if (lookMs < judgeFromMs) return [];`,
      replace: `      if (lookMs >= 0) return [];`,
    },
  ],
  caughtBy: ["kill-a-queue-instance"],
} satisfies Defect;
