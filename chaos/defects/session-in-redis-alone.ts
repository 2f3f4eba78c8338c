/** The guide's own design: as long as Redis has its file, sessions survive it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "session-in-redis-alone",
  claim: "AB-22",
  what: "Sessions are kept in Redis and nowhere else, so that a restart without its file loses them.",
  edits: [
    {
      file: "routes/sessions.ts",
      find: `      const session = await writeSession(db, id, { data, ttlS, expected });`,
      replace: `      const session = { id, version: await redis.client.incr("kept:" + id.toLowerCase()), data, cost_micros: 0 };
      void [ttlS, expected, writeSession];`,
    },
    {
      file: "routes/sessions.ts",
      find: `      const session = cached && cached.version >= least ? cached : await readSession(db, id);`,
      replace: `      const version = Number((await redis.client.get("kept:" + id)) ?? 0);
      const session = version > 0 ? { id, version, data: {}, cost_micros: 0 } : undefined;
      void cached;`,
    },
  ],
  caughtBy: ["restart-redis-with-its-file"],
} satisfies Defect;
