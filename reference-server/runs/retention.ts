/**
 * What becomes of finished runs: after the time for which they are kept, their events, inputs, results and delivered webhooks go. A run that was
 * created under an idempotency key keeps its row, with the key, the request's hash and the status, for ever: a request sent again, however late, is
 * answered with the run that it made and never makes another. A run without a key cannot be asked for again and goes altogether.
 *
 * The table is walked by its primary key, a page in each statement, so that nothing is locked for long and runs need no further index.
 */
import { randomUUID } from "node:crypto";
import type { Database, Row } from "../store/postgres.ts";

/** Runs looked at, and events deleted, in one statement: each takes a few milliseconds. */
const pageSize = 200;
const eventLimit = 500;
/** Statements in a turn: what a turn does not reach is left to the next one. */
const statementsPerTurn = 50;

// Rows of finished runs change no more, so what the statement reads is still true when it deletes. A delivery that goes on still needs its run.
const removeSql = `
  with page as (
    select id, status, finished_at, last_seq from runs where id > $1 order by id limit ${pageSize}
  ), expired as (
    select id from page
    where status in ('success', 'error', 'cancelled') and last_seq > 0 and finished_at < clock_timestamp() - make_interval(secs => $2)
      and not exists (select from webhook_deliveries where run_id = page.id and status = 'pending')
  ), events as (
    delete from run_events
    where (run_id, seq) in (select run_id, seq from run_events join expired on run_id = id limit ${eventLimit})
    returning 1
  ), bare as (
    select id from expired where (select count(*) from events) < ${eventLimit}
  ), deliveries as (
    delete from webhook_deliveries where run_id in (select id from bare)
  ), kept as (
    update runs set input = '{}', result = null, error = null, traceparent = null, last_seq = 0
    where id in (select id from bare) and idempotency_key <> 'none:' || id
  ), removed as (
    delete from runs where id in (select id from bare) and idempotency_key = 'none:' || id
  )
  select (select count(*) from events)::int as events, (select id from page order by id desc limit 1) as last`;

const firstId = "00000000-0000-0000-0000-000000000000";

/** Returns what does one turn each time it is called: it goes on where the last one ended, and begins again at the end. `keptS` 0: for ever. */
export function runRetention(db: Database, keptS: number, startAt: string = randomUUID()): () => Promise<void> {
  let after = startAt;
  return async () => {
    if (keptS === 0) return;
    for (let i = 0; i < statementsPerTurn; i++) {
      const [done] = await db.query<Row & { events: number; last: string | null }>(removeSql, [after, keptS]);
      // There are more events of these runs than one statement deletes: they come again.
      if (done?.events === eventLimit) continue;
      if (!done?.last) {
        after = firstId;
        return;
      }
      after = done.last;
    }
  };
}
