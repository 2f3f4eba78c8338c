/** What is revoked must not be renewed, and a lease without an end needs no renewal: nor does anybody ever get the lock again whose holder has died. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "revoked-for-ever",
  claim: "HS-7",
  what: "Clearing a lock in Postgres takes the end of its lease away.",
  edits: [
    {
      file: "locks/postgres-lock.ts",
      find: "update agent_locks set revoked = true where",
      replace: "update agent_locks set revoked = true, expires_at = 'infinity' where",
    },
  ],
  caughtBy: ["clear-locks-in-postgres"],
} satisfies Defect;
