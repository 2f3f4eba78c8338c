/** One call among many that look alike. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "session-write-sent-once",
  claim: "LG-14",
  what: "The write of a session is sent once: a connection that breaks is the client's affair.",
  edits: [
    {
      file: "sessions/session.ts",
      find: "const [written] = await db.query<Row & Session>(writeSql,",
      replace: "const [written] = await db.once<Row & Session>(writeSql,",
    },
  ],
  caughtBy: ["repeat-other-statements"],
} satisfies Defect;
