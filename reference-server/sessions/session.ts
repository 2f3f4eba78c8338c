/** Sessions: their record is Postgres. */
import { randomUUID } from "node:crypto";
import type { Database, Row } from "../store/postgres.ts";

export interface Session {
  readonly id: string;
  /** Grows with every change of the data or the cost. */
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** Sum of the costs, in millionths of the currency. */
  readonly cost_micros: number;
}

const columns = "id, version, data, cost_micros";

/** The session as it is committed now; undefined if there is none or its time is over. */
export async function readSession(db: Database, id: string): Promise<Session | undefined> {
  const [session] = await db.query<Row & Session>(`select ${columns} from sessions where id = $1 and expires_at > clock_timestamp()`, [id]);
  return session;
}

interface Write {
  readonly data: Session["data"];
  /** Time to live from now (s). */
  readonly ttlS: number;
  /** The version it must have, 0 for none yet; absent: any. */
  readonly expected: number | undefined;
}

const writeSql = `
  insert into sessions (id, data, expires_at, recent_writes)
  select $1::uuid, $2::jsonb, clock_timestamp() + make_interval(secs => $3), array[$5::uuid]
  where coalesce($4::bigint, 0) = 0 or exists (select from sessions where id = $1::uuid)
  on conflict (id) do update set
    data = excluded.data,
    expires_at = excluded.expires_at,
    version = sessions.version + 1,
    recent_writes = ($5::uuid || sessions.recent_writes)[:16]
  where ($4::bigint is null or sessions.version = $4) and not $5::uuid = any (sessions.recent_writes)
  returning ${columns}`;

/** Writes the session's data, keeping its cost. Sent twice, it is written once. Undefined if its version is not the expected one: nothing was written. */
export async function writeSession(db: Database, id: string, { data, ttlS, expected }: Write): Promise<Session | undefined> {
  const write = randomUUID();
  const [written] = await db.query<Row & Session>(writeSql, [id, JSON.stringify(data), ttlS, expected ?? null, write]);
  if (written) return written;
  // Refused, or our own earlier send whose answer was lost.
  const [own] = await db.query<Row & Session>(`select ${columns} from sessions where id = $1 and $2::uuid = any (recent_writes)`, [id, write]);
  return own;
}

/** Adds a cost under its key, once. `other`: the key was used for another amount. Undefined if there is no such session. */
export async function addCost(db: Database, id: string, key: string, micros: number): Promise<Session | "other" | undefined> {
  const [added] = await db.query<Row & Session>(
    `with entry as (
       insert into session_costs (session_id, key, micros)
       select id, $2, $3 from sessions where id = $1 and expires_at > clock_timestamp()
       on conflict do nothing
       returning micros
     )
     update sessions set cost_micros = cost_micros + entry.micros, version = version + 1 from entry where id = $1
     returning ${columns}`,
    [id, key, micros],
  );
  if (added) return added;
  // Counted before, or our own earlier send whose answer was lost.
  const [held] = await db.query<Row & { micros: number | null }>(
    "select (select micros from session_costs where session_id = $1 and key = $2) from sessions where id = $1 and expires_at > clock_timestamp()",
    [id, key],
  );
  if (!held) return undefined;
  return held.micros === micros ? readSession(db, id) : "other";
}

/** Costs deleted in one statement, unless a single session has more: a session goes with all of its costs, or its costs could be counted again. */
const costsAtOnce = 500;

/** Removes some sessions whose time is over, with their costs. True when there may be more. */
export async function removeEndedSessions(db: Database): Promise<boolean> {
  const removed = await db.query(
    `with ended as (
       -- Locked: who writes one of them again meanwhile makes a new session.
       select id from sessions where expires_at < clock_timestamp() - interval '1 minute' order by expires_at limit 100 for update skip locked
     ), counted as (
       select id, count(key) as costs from ended left join session_costs on session_id = id group by id
     ), chosen as (
       select id from (select id, costs, sum(costs) over (order by costs, id) as total from counted) as running where total <= $1 or total = costs
     ), costs as (
       delete from session_costs where session_id in (select id from chosen)
     )
     delete from sessions where id in (select id from chosen) returning id`,
    [costsAtOnce],
  );
  return removed.length > 0;
}
