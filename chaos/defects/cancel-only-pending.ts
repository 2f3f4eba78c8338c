/** The cancel is handled where it arrives and never reaches the instance that holds the run. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cancel-only-pending",
  claim: "LG-2",
  what: "A cancel reaches only runs that nobody holds yet; one that is being executed goes on.",
  edits: [
    {
      file: "runs/cancel.ts",
      find: `where id = $1 and status in ('pending', 'running')`,
      replace: `where id = $1 and status in ('pending')`,
    },
  ],
  caughtBy: ["cancel-from-anywhere"],
} satisfies Defect;
