/** Those that end first, a hundred at a time, as the comment says; that their time has to be over was thought to follow. Nothing shows it where no instance tidies up beside the load. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "sessions-in-use-removed",
  claim: "AB-4",
  what: "Tidying up takes the sessions that end first, whether or not their time is over.",
  edits: [
    {
      file: "sessions/session.ts",
      find: "select id from sessions where expires_at < clock_timestamp() - interval '1 minute' order by expires_at",
      replace: "select id from sessions order by expires_at",
    },
  ],
  caughtBy: ["close-idle-connections"],
} satisfies Defect;
