/** A released lock is removed at once, so that nothing is left to tidy up, as long as nobody dies. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "locks-of-the-dead-kept",
  claim: "HS-7",
  what: "Nobody removes the records of locks whose holders have died.",
  edits: [{ file: "queue-role.ts", find: "run: () => clearAbandonedLocks(db) }", replace: "run: async () => void clearAbandonedLocks }" }],
  caughtBy: ["tidy-up-among-locks"],
} satisfies Defect;
