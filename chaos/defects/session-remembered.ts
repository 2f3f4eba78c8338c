/** A client that is moved to an instance that knew its session before finds it as it was then. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "session-remembered",
  claim: "LG-1",
  what: "An instance that has written a session answers reads of it from its own memory.",
  edits: [
    {
      file: "routes/sessions.ts",
      find: `      cache.store(session.id, session, asOf);
      return reply.header("ETag", etag(session.version)).send(session);`,
      replace: `      cache.store(session.id, session, asOf);
      remembered.set(session.id, session);
      return reply.header("ETag", etag(session.version)).send(session);`,
    },
    {
      file: "routes/sessions.ts",
      find: `      if (!session) throw none();
      if (session.version < least)`,
      replace: `      const own = remembered.get(id);
      if (own) return reply.header("ETag", etag(own.version)).send(own);
      if (!session) throw none();
      if (session.version < least)`,
    },
    {
      file: "routes/sessions.ts",
      find: `export function sessionRoutes(`,
      replace: `const remembered = new Map<string, Session>();
export function sessionRoutes(`,
    },
  ],
  caughtBy: ["balance-in-every-way"],
} satisfies Defect;
