/** The run is called cancelled, and its handler goes on with it to the end. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cancel-not-heard",
  claim: "LG-2",
  what: "The handler of a run learns that it was cancelled when it wants to end it, and not before.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: `now.step === step) return;
  throw new AttemptLost({ id, attempt }, now);`,
      replace: `now.step === step) return;
  if (now?.status === "cancelled") return;
  throw new AttemptLost({ id, attempt }, now);`,
    },
    {
      file: "runs/queue.ts",
      find: `if (row?.status !== "running" || row.attempt`,
      replace: `if (row === undefined || row.attempt`,
    },
  ],
  caughtBy: ["cancel-from-anywhere"],
} satisfies Defect;
