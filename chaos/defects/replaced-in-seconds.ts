/** A worker that is being replaced should not stay for two minutes. Who was let in and waits for an answer that takes longer than five seconds and the drain (a query of ten, a stream) is cut off at each recycling. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "replaced-in-seconds",
  claim: "AB-12",
  what: "A worn worker serves those who are there for five seconds, and then stops.",
  edits: [
    {
      file: "workers/worker.ts",
      find: `export const retireWithinMs = 120_000;`,
      replace: `export const retireWithinMs = 5_000;`,
    },
  ],
  caughtBy: ["recycle-workers"],
} satisfies Defect;
