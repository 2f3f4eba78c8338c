/** Zero stands for none, and is taken for any. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "new-session-over-another",
  claim: "FR-6",
  what: "A session that is to be made only if there is none replaces the one that there is.",
  edits: [
    {
      file: "sessions/session.ts",
      find: "where ($4::bigint is null or sessions.version = $4)",
      replace: "where (coalesce($4::bigint, 0) = 0 or sessions.version = $4)",
    },
  ],
  caughtBy: ["contend-for-memory"],
} satisfies Defect;
