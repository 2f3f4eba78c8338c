/** A session is what its instance remembers: any other says that there is none, and its death takes it along. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "session-in-process",
  claim: "AB-4",
  what: "Sessions are kept in the memory of the instance that wrote them.",
  edits: [
    {
      file: "routes/sessions.ts",
      find: `      const session = await writeSession(db, id, { data, ttlS, expected });`,
      replace: `      const session = { id, version: (here.get(id)?.version ?? 0) + 1, data, cost_micros: 0 };
      here.set(id, session);
      void [ttlS, expected, writeSession];`,
    },
    {
      file: "routes/sessions.ts",
      find: `      const session = cached && cached.version >= least ? cached : await readSession(db, id);`,
      replace: `      const session = here.get(id);
      void cached;`,
    },
    {
      file: "routes/sessions.ts",
      find: `export function sessionRoutes(`,
      replace: `const here = new Map<string, Session>();
export function sessionRoutes(`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
