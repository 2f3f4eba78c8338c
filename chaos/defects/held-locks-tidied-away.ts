/** A minute on the wrong side: what will have ended in a minute is taken for what ended a minute ago, which is every lock that anybody holds. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "held-locks-tidied-away",
  claim: "HS-6",
  what: "Tidying up removes the records of locks whose leases have not ended.",
  edits: [
    {
      file: "locks/postgres-lock.ts",
      find: "where expires_at < clock_timestamp() - interval '1 minute'",
      replace: "where expires_at < clock_timestamp() + interval '1 minute'",
    },
  ],
  caughtBy: ["tidy-up-among-locks"],
} satisfies Defect;
