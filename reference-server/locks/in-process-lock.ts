/**
 * A lock table in the memory of the process, as seed 000 documents it. It keeps out the requests of this instance and nobody else's: with a
 * second instance critical sections overlap, and only the token protects the agent. It is here because that design is on trial.
 */
import type { Database, Row } from "../store/postgres.ts";
import { type AgentLocks, obtain } from "./lock.ts";

/** Locks of this process. They have no lease, and clearing one forgets it while its holder works on, as in the document. */
export function inProcessLocks(db: Database): AgentLocks {
  const held = new Map<string, symbol>();
  return {
    async acquire(request) {
      const { agentId, signal } = request;
      const holder = Symbol(agentId);
      const release = (): void => {
        if (held.get(agentId) === holder) held.delete(agentId);
      };
      const token = await obtain(request, async () => {
        if (held.has(agentId)) return undefined;
        held.set(agentId, holder);
        try {
          const [row] = await db.query<Row & { token: number }>("select nextval('agent_lock_tokens') as token", []);
          signal.throwIfAborted();
          return row?.token;
        } catch (error) {
          release();
          throw error;
        }
      });
      if (token === undefined) return undefined;
      return { token, signal: new AbortController().signal, [Symbol.asyncDispose]: async () => release() };
    },
    async clear(agentId) {
      held.delete(agentId);
      return "free";
    },
  };
}
