/**
 * One holder per agent at a time, by a lease in Postgres. The lease keeps others out while the holder is healthy; what protects the agent
 * from a holder that slept through its lease is the token, which the agent's own row checks with every write.
 */
import { randomUUID } from "node:crypto";
import { monotonicMs, sleep } from "../clock.ts";
import type { Database, Row } from "../store/postgres.ts";

/** The holder stops this long before its lease ends in the database (ms). */
const marginMs = 500;

/** The lock can no longer be counted on: its holder must stop. */
export class LockLost extends Error {}

export interface AgentLock extends AsyncDisposable {
  /** Fencing token: larger than that of everybody who held the lock before. */
  readonly token: number;
  /** Fires with LockLost when the lease could not be renewed in time or was taken. */
  readonly signal: AbortSignal;
}

// The token is drawn by the statement that takes the row, so tokens increase in the order in which the row is obtained.
// A second send of the same acquisition finds its own holder and takes the lock again.
const takeSql = `
  update agent_locks
  set token = nextval('agent_lock_tokens'), holder = $2, expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
  where agent_id = $1 and (expires_at < clock_timestamp() or holder = $2)
  returning token`;

// An absent row is put there as an expired one: inserting it takes nothing.
const placeSql = `
  insert into agent_locks (agent_id, token, holder, expires_at) values ($1, 0, '', '-infinity')
  on conflict (agent_id) do nothing
  returning token`;

const renewSql = `
  update agent_locks set expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
  where agent_id = $1 and token = $2
  returning token`;

const releaseSql = "delete from agent_locks where agent_id = $1 and token = $2";

async function obtain(
  db: Database,
  agentId: string,
  leaseMs: number,
  waitMs: number,
  signal: AbortSignal,
): Promise<{ token: number; sentAtMs: number } | undefined> {
  const holder = randomUUID();
  const untilMs = monotonicMs() + waitMs;
  for (;;) {
    signal.throwIfAborted();
    const sentAtMs = monotonicMs();
    const [taken] = await db.query<Row & { token: number }>(takeSql, [agentId, holder, leaseMs]);
    if (taken) return { token: taken.token, sentAtMs };
    const placed = await db.query(placeSql, [agentId]);
    if (placed.length > 0) continue;
    const pauseMs = 20 + Math.random() * 40;
    if (monotonicMs() + pauseMs > untilMs) return undefined;
    await sleep(pauseMs, signal);
  }
}

/**
 * Takes the agent's lock, waiting at most `waitMs`; undefined if others held it all the time. Disposing releases it.
 * Throws Unavailable without the database, or the signal's reason.
 */
export async function acquireAgentLock(
  db: Database,
  { agentId, leaseMs, waitMs, signal }: { readonly agentId: string; readonly leaseMs: number; readonly waitMs: number; readonly signal: AbortSignal },
): Promise<AgentLock | undefined> {
  const obtained = await obtain(db, agentId, leaseMs, waitMs, signal);
  if (!obtained) return undefined;
  const { token } = obtained;
  const lost = new AbortController();
  const lose = (why: string): void => lost.abort(new LockLost(`The lock of agent ${agentId} was lost: ${why}.`));
  let untilMs = 0;
  let expiry: NodeJS.Timeout | undefined;
  const holdFrom = (sentAtMs: number): void => {
    untilMs = sentAtMs + leaseMs - marginMs;
    clearTimeout(expiry);
    expiry = setTimeout(lose, Math.max(0, untilMs - monotonicMs()), "it could not be renewed in time");
  };
  holdFrom(obtained.sentAtMs);
  const renew = async (): Promise<void> => {
    const sentAtMs = monotonicMs();
    // A process that was stopped must not renew what it had already lost.
    if (lost.signal.aborted || sentAtMs > untilMs) return;
    try {
      const renewed = await db.once(renewSql, [agentId, token, leaseMs], leaseMs / 3);
      if (renewed.length === 0) lose("somebody else has it");
      else if (monotonicMs() <= untilMs) holdFrom(sentAtMs);
    } catch {
      // The next renewal may come through; if none does, the lease ends.
    }
  };
  const renewals = setInterval(() => void renew(), leaseMs / 3);
  return {
    token,
    signal: lost.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(renewals);
      clearTimeout(expiry);
      // Without the database the lease ends by itself.
      await db.once(releaseSql, [agentId, token], leaseMs).catch(() => {});
    },
  };
}

/** Removes locks whose holders died long ago; a lock's tokens do not depend on its row. */
export async function clearAbandonedLocks(db: Database): Promise<void> {
  await db.once("delete from agent_locks where expires_at < clock_timestamp() - interval '1 minute' and expires_at > '-infinity'", []);
}
