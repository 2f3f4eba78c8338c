/** The first generation goes as it should. What leaks has all the time from the second on. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "recycled-once",
  claim: "AB-12",
  what: "A worker that took the place of a worn one is never replaced itself.",
  edits: [
    {
      file: "workers/supervise.ts",
      find: `} else if (message === "worn" && !isReplaced) {`,
      replace: `} else if (message === "worn" && !isReplaced && !old) {`,
    },
  ],
  caughtBy: ["recycle-workers"],
} satisfies Defect;
