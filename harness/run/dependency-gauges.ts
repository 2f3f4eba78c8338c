/** Gauges of Postgres and Redis as the harness sees them for itself, over connections of its own that are made anew after an outage. */
import type { Client } from "pg";
import type { Target } from "../core/target.ts";
import type { Stack } from "../drivers/stack.ts";

export interface Gauges {
  readonly source: string;
  readonly values: Readonly<Record<string, number>>;
}

export interface PostgresGauges extends AsyncDisposable {
  /** The backlog, each of the target's sessions by owner (`postgres queue-1`), and the server as a whole (`postgres`). Empty while Postgres is away. */
  read(): Promise<readonly Gauges[]>;
}

/**
 * A transaction is known by its backend and its begin: seen twice, it was open all the time between. A session outside a transaction can hold locks of its own (advisory ones),
 * and takes and frees them by statements only: what it holds while it is idle it has held since its last one.
 */
const sessions = (ofTarget: string): string => `
select application_name as owner, count(*)::int as connections,
  count(*) filter (where state = 'active')::int as active,
  count(*) filter (where state = 'idle')::int as idle,
  count(*) filter (where state like 'idle in transaction%')::int as idle_in_transaction,
  extract(epoch from clock_timestamp() - min(backend_start))::float8 * 1000 as oldest_session_ms,
  (array_agg(pid order by xact_start) filter (where xact_start is not null))[1] as oldest_pid,
  extract(epoch from min(xact_start))::float8 * 1000 as oldest_began_ms,
  extract(epoch from clock_timestamp() - min(xact_start))::float8 * 1000 as oldest_age_ms,
  (array_agg(pid order by state_change) filter (where holds_idly))[1] as lock_pid,
  extract(epoch from clock_timestamp() - min(state_change) filter (where holds_idly))::float8 * 1000 as lock_held_ms
from (
  select *, state = 'idle' and pid in (select pid from pg_locks where locktype = 'advisory' and granted) as holds_idly from pg_stat_activity
) activity
where backend_type = 'client backend' and ${ofTarget} group by application_name`;

const server = `
select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
  (select sessions::float8 from pg_stat_database where datname = current_database()) as sessions_begun,
  current_setting('max_connections')::int as max_connections, count(*)::int as locks_waiting,
  coalesce(extract(epoch from clock_timestamp() - min(waitstart)), 0)::float8 * 1000 as oldest_wait_ms
from pg_locks where not granted`;

/** Whoever waits longer than this for an outsider's lock, or a starved server, goes without the answer this time (ms). */
const patienceMs = 1000;
const queryCancelled = "57014";

export function openPostgresGauges(stack: Stack, { observe }: Target): PostgresGauges {
  let session: Client | undefined;
  const query = async (client: Client): Promise<Gauges[]> => {
    const owners = (await client.query(sessions(observe.sessions))).rows;
    const whole = (await client.query(server)).rows[0];
    // The one that reads the target's tables: what is to be seen of sessions must not wait with it for a lock that a fault holds.
    const backlog = await client.query(observe.backlog).then(
      ({ rows }) => rows[0],
      (error: { readonly code?: string }) => {
        if (error.code !== queryCancelled) throw error;
        return undefined;
      },
    );
    return [
      ...(backlog ? [{ source: "backlog", values: { open: Number(backlog.open), oldestMs: Number(backlog.oldest_ms) } }] : []),
      ...owners.map((row) => ({ source: `postgres ${row.owner}`, values: sessionValues(row) })),
      {
        source: "postgres",
        values: {
          connections: whole.connections,
          // Grows with every session, however short: who only counts those that are there does not see them come and go.
          sessionsBegun: whole.sessions_begun,
          maxConnections: whole.max_connections,
          locksWaiting: whole.locks_waiting,
          oldestWaitMs: Math.max(0, whole.oldest_wait_ms),
        },
      },
    ];
  };
  const connect = async (): Promise<Client> => {
    const client = await stack.postgres.connect();
    await client.query(`set statement_timeout = ${patienceMs}`);
    return client;
  };
  return {
    async read() {
      if (!stack.postgres.isRunning()) return [];
      try {
        session ??= await connect();
        return await query(session);
      } catch {
        // Postgres went away under the query: the fault record says why. A new connection is made next time.
        await session?.end().catch(() => {});
        session = undefined;
        return [];
      }
    },
    async [Symbol.asyncDispose]() {
      await session?.end().catch(() => {});
    },
  };
}

function sessionValues(row: Readonly<Record<string, number | null>>): Record<string, number> {
  const values = {
    connections: Number(row.connections),
    active: Number(row.active),
    idle: Number(row.idle),
    idleInTransaction: Number(row.idle_in_transaction),
    oldestSessionMs: Number(row.oldest_session_ms),
  };
  return {
    ...values,
    ...(row.oldest_pid !== null && {
      transactionPid: Number(row.oldest_pid),
      transactionBeganMs: Number(row.oldest_began_ms),
      transactionAgeMs: Number(row.oldest_age_ms),
    }),
    ...(row.lock_pid !== null && { lockPid: Number(row.lock_pid), lockHeldMs: Number(row.lock_held_ms) }),
  };
}

const redisFields = {
  used_memory: "usedMemoryBytes",
  evicted_keys: "evictedKeys",
  connected_clients: "connectedClients",
  instantaneous_ops_per_sec: "opsPerSecond",
};

/** Of Redis's INFO: memory, evictions, clients (the asking one included) and the rate of commands. Empty while Redis is away. */
export async function readRedisGauges(stack: Stack): Promise<readonly Gauges[]> {
  const info = await stack.redis.command("INFO").catch(() => "");
  const told = new Map(
    String(info)
      .split("\r\n")
      .map((line) => line.split(":") as [string, string]),
  );
  const known = Object.entries(redisFields).flatMap(([field, name]) => (told.has(field) ? [[name, Number(told.get(field))] as const] : []));
  return known.length === 0 ? [] : [{ source: "redis", values: Object.fromEntries(known) }];
}
