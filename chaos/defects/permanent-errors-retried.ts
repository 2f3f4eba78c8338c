/** What is wrong with the run itself is wrong each time: it is executed, and has its effects, four times over. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "permanent-errors-retried",
  claim: "LG-6",
  what: "An attempt that failed is tried again whatever it failed of.",
  edits: [
    {
      file: "runs/execute.ts",
      find: `const transient = isTransient(error) || error instanceof EffectsUnavailable;`,
      replace: `const transient = isTransient(error) || error instanceof Error;`,
    },
  ],
  caughtBy: ["fail-for-good"],
} satisfies Defect;
