/** Every agent that was ever worked on has a row for ever. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lock-records-kept",
  claim: "HS-7",
  what: "A lock that is released stays in the table as one that has ended.",
  edits: [
    {
      file: "locks/postgres-lock.ts",
      find: `const releaseSql = "delete from agent_locks where agent_id = $1 and token = $2";`,
      replace: `const releaseSql = "update agent_locks set expires_at = '-infinity' where agent_id = $1 and token = $2";`,
    },
  ],
  caughtBy: ["hold-many-locks"],
} satisfies Defect;
