/** The record goes with the lock, and its count with it: the next holder has a number that somebody had before. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "tokens-of-the-record",
  claim: "HS-6",
  what: "The fencing token of a lock is counted in the lock's own record, which is removed when the lock is released.",
  edits: [
    {
      file: "locks/postgres-lock.ts",
      find: `  set token = nextval('agent_lock_tokens'), holder`,
      replace: `  set token = agent_locks.token + 1, holder`,
    },
  ],
  caughtBy: ["pause-a-lock-holder"],
} satisfies Defect;
