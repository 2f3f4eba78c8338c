/** A cost that is added meanwhile makes a new version and should refuse no turn. Now no turn is refused, and of two that began from the same version one is lost. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "any-later-version",
  claim: "FR-6",
  what: "A session may be written by whoever has seen its version or an earlier one.",
  edits: [
    {
      file: "sessions/session.ts",
      find: `where ($4::bigint is null or sessions.version = $4) and not`,
      replace: `where ($4::bigint is null or ($4 > 0 and sessions.version >= $4)) and not`,
    },
  ],
  caughtBy: ["contend-for-memory"],
} satisfies Defect;
