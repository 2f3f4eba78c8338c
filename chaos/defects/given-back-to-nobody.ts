/** What a stopped instance could not finish is there, and nobody may have it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "given-back-to-nobody",
  claim: "HS-15",
  what: "A run that is given back by an instance that ends may not be claimed for an hour.",
  edits: [
    {
      file: "runs/execute.ts",
      find: `{ reason: error.reason, failed: false, delayMs: 0 }`,
      replace: `{ reason: error.reason, failed: false, delayMs: 3_600_000 }`,
    },
  ],
  caughtBy: ["shrink-the-deployment"],
} satisfies Defect;
