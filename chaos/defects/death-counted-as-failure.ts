/** A run whose handlers died is given up at its first transient errors. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "death-counted-as-failure",
  claim: "LG-6",
  what: "The death of a handler uses up one of the retries that a run has for transient errors.",
  edits: [
    {
      file: "runs/sweep.ts",
      find: `{ reason: "handler is dead", failed: false, delayMs: 0 }`,
      replace: `{ reason: "handler is dead", failed: true, delayMs: 0 }`,
    },
  ],
  caughtBy: ["fail-attempts"],
} satisfies Defect;
