/** A security review asked for an absolute end of sessions, so that a write does not lengthen the life of one that is there. A session that its user writes all the time, each write answered 200 with the time to live that it asked for, is gone when the time of its first write is over. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "life-counted-from-the-first-write",
  claim: "AB-4",
  what: "The time to live of a session counts from its first write: later ones do not lengthen it.",
  edits: [
    {
      file: "sessions/session.ts",
      find: "    expires_at = excluded.expires_at,\n",
      replace: "    expires_at = case when sessions.expires_at > clock_timestamp() then sessions.expires_at else excluded.expires_at end,\n",
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
