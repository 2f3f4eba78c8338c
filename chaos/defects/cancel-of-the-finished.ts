/** Whoever cancels means it, also when there is nothing left to cancel. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cancel-of-the-finished",
  claim: "LG-2",
  what: "A run that is over can be cancelled.",
  edits: [{ file: "runs/cancel.ts", find: "where id = $1 and status in ('pending', 'running')", replace: "where id = $1 and status <> 'cancelled'" }],
  caughtBy: ["cancel-from-anywhere"],
} satisfies Defect;
