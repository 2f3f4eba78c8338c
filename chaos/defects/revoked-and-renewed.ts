/** Clearing a lock made long turns fail half-way with 409, so that a renewal now goes by the token alone, which is what shows whose the lock is. The operator who clears the lock of a turn that hangs is told that it was revoked, and its holder renews it for as long as it likes. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "revoked-and-renewed",
  claim: "HS-7",
  what: "A lock in Postgres that was cleared is renewed by its holder like any other.",
  edits: [
    {
      file: "locks/postgres-lock.ts",
      find: "where agent_id = $1 and token = $2 and not revoked",
      replace: "where agent_id = $1 and token = $2",
    },
  ],
  caughtBy: ["clear-locks-in-postgres"],
} satisfies Defect;
