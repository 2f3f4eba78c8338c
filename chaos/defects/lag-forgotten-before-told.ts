/** The gauge is there, and always says that all is well. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lag-forgotten-before-told",
  claim: "AB-31",
  what: "How late timers were is forgotten before it is told.",
  edits: [
    {
      file: "event-loop-lag.ts",
      find: `    max.set(late((delay) => delay.max));`,
      replace: `    for (const { delay } of monitors) delay.reset();
    max.set(late((delay) => delay.max));`,
    },
  ],
  caughtBy: ["slow-one-instance"],
} satisfies Defect;
