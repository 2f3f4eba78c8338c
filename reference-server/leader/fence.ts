/**
 * Making sure that a leader of the past is really down before its successor serves (HA-13): no session of the past may write, whatever its
 * process does once it goes on. Two halves, ordered by the lock on the leader's row. Sessions that were there when leadership changed are ended
 * by the successor, which waits for each to be gone. Sessions that the former leader opens later ask for its token first, and are refused.
 */
import type pg from "pg";
import type { Database, Row } from "../store/postgres.ts";

/** How long one session may take to end (ms). */
const endSessionMs = 2000;

/** Another instance leads: this one's sessions may not be used any more. */
export class Fenced extends Error {}

/**
 * For every new session of a leader: refuses it with Fenced unless the token is still the latest. The row is locked for it, so it either comes
 * before the change of leadership, and the successor sees the session and ends it, or it sees the new token.
 */
export async function assertLeads(client: pg.ClientBase, name: string, token: number, timeoutMs: number): Promise<void> {
  const { rowCount } = await client.query({
    text: "select from leaders where name = $1 and token = $2 for share",
    values: [name, token],
    query_timeout: timeoutMs,
  } as pg.QueryConfig);
  if (rowCount === 0) throw new Fenced(`Another instance leads ${name} since: this one was fenced off.`);
}

// Sent again, it finds nobody left to be noted.
const fencedSql = `
  with former as (
    select unfenced[cardinality(unfenced)] as former, instance from leaders where name = $1 and token = $2 and cardinality(unfenced) > 0
  ), fenced as (
    update leaders set unfenced = '{}' where name = $1 and token = $2
  )
  insert into failovers (token, name, former, successor) select $2, $1, former, instance from former where former <> instance
  on conflict (token) do nothing`;

/** Ends every session of former leaders and waits until they are gone; repeats until none is left, and notes the failover (HA-18). Throws Unavailable. */
export async function fenceFormerLeaders(db: Database, name: string, token: number): Promise<void> {
  for (;;) {
    const ended = await db.query<Row & { gone: boolean }>(
      `select pg_terminate_backend(session.pid, $3) as gone
       from leaders join pg_stat_activity session on session.application_name = any(leaders.unfenced) and session.datname = current_database()
       where leaders.name = $1 and leaders.token = $2 and session.pid <> pg_backend_pid() and session.usename = current_user`,
      [name, token, endSessionMs],
    );
    if (ended.every(({ gone }) => gone)) break;
  }
  await db.query(fencedSql, [name, token]);
}
