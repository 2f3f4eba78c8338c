/** The sweeper of sessions was to leave a margin after their end, and has it before: it is a day wide, which is how long a session lives unless its client says otherwise. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "sessions-swept-while-they-live",
  claim: "AB-4",
  what: "Sessions are removed that end within a day.",
  edits: [
    {
      file: "sessions/session.ts",
      find: "select id from sessions where expires_at < clock_timestamp() - interval '1 minute' order by",
      replace: "select id from sessions where expires_at < clock_timestamp() + interval '1 day' order by",
    },
  ],
  caughtBy: ["close-idle-connections"],
} satisfies Defect;
