/** The lock as a row of Postgres with a lease by Postgres's clock. */
import { randomUUID } from "node:crypto";
import { monotonicMs } from "../clock.ts";
import type { Database, Row } from "../store/postgres.ts";
import { type AgentLocks, holdLease, type Obtained, obtain } from "./lock.ts";

// The token is drawn by the statement that takes the row, so tokens increase in the order in which the row is obtained.
// A second send of the same acquisition finds its own holder and takes the lock again.
const takeSql = `
  update agent_locks
  set token = nextval('agent_lock_tokens'), holder = $2, revoked = false, expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
  where agent_id = $1 and (expires_at < clock_timestamp() or holder = $2)
  returning token`;

// An absent row is put there as an expired one: inserting it takes nothing.
const placeSql = `
  insert into agent_locks (agent_id, token, holder, expires_at) values ($1, 0, '', '-infinity')
  on conflict (agent_id) do nothing
  returning token`;

const renewSql = `
  update agent_locks set expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
  where agent_id = $1 and token = $2 and not revoked
  returning token`;

const releaseSql = "delete from agent_locks where agent_id = $1 and token = $2";

// A live lock is not freed under its holder's feet: nobody else may enter before the holder has left.
const clearSql = `
  with cleared as (delete from agent_locks where agent_id = $1 and expires_at < clock_timestamp())
  update agent_locks set revoked = true where agent_id = $1 and expires_at >= clock_timestamp()
  returning token`;

/** Locks in Postgres: they need nothing that the agents themselves do not need. */
export function postgresLocks(db: Database, leaseMs: number): AgentLocks {
  return {
    async acquire(request) {
      const { agentId } = request;
      const holder = randomUUID();
      const taken = await obtain<Obtained>(request, async () => {
        for (;;) {
          const sentAtMs = monotonicMs();
          const [row] = await db.query<Row & { token: number }>(takeSql, [agentId, holder, leaseMs]);
          if (row) return { token: row.token, sentAtMs };
          if ((await db.query(placeSql, [agentId])).length === 0) return undefined;
        }
      });
      if (!taken) return undefined;
      const { token } = taken;
      return holdLease({
        ...taken,
        agentId,
        leaseMs,
        renew: async () => (await db.query(renewSql, [agentId, token, leaseMs], monotonicMs() + leaseMs / 3)).length > 0,
        // The answer to the client waits for this: what cannot be sent soon is left to the lease.
        release: () => db.query(releaseSql, [agentId, token], monotonicMs() + leaseMs / 4),
      });
    },
    clear: async (agentId) => ((await db.query(clearSql, [agentId])).length > 0 ? "revoked" : "free"),
  };
}

/** Removes locks whose holders died long ago; a lock's tokens do not depend on its row. */
export async function clearAbandonedLocks(db: Database): Promise<void> {
  await db.query("delete from agent_locks where expires_at < clock_timestamp() - interval '1 minute' and expires_at > '-infinity'", []);
}
