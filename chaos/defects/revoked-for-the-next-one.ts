/** What was cleared is released by its holder, who finds out, and its record goes with it. The record of one who died is taken by the next one as it is: cleared, so that it cannot be renewed. The first long turn after it breaks off with 409. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "revoked-for-the-next-one",
  claim: "HS-6",
  what: "Whoever takes the record of a lock in Postgres that had been cleared has a lock that is cleared.",
  edits: [{ file: "locks/postgres-lock.ts", find: "holder = $2, revoked = false, expires_at", replace: "holder = $2, expires_at" }],
  caughtBy: ["clear-locks-in-postgres"],
} satisfies Defect;
