/** A queue instance takes twice as many runs at a time as it is allowed. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "concurrency-limit-ignored",
  claim: "LG-4",
  what: "The limit of concurrent runs of an instance is not kept.",
  edits: [
    {
      file: "runs/queue.ts",
      find: `openSlots(runsPerInstance)`,
      replace: `openSlots(2 * runsPerInstance)`,
    },
    {
      file: "runs/queue.ts",
      find: `const free = runsPerInstance - `,
      replace: `const free = 2 * runsPerInstance - `,
    },
  ],
  caughtBy: ["scale-queue-instances"],
} satisfies Defect;
