/** On another instance a client reads less of its session than it has written: the copy there is young enough, and too old for this client. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "seen-version-ignored",
  claim: "HA-8",
  what: "A session is answered from its copy, whatever version the client has seen.",
  edits: [
    {
      file: "routes/sessions.ts",
      find: `cached && cached.version >= least ? cached : await readSession(db, id);`,
      replace: `cached ?? (await readSession(db, id));`,
    },
    {
      file: "routes/sessions.ts",
      find: `      if (session.version < least) throw`,
      replace: `      if (session.version < 0) throw`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
