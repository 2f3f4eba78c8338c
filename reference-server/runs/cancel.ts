/** Cancelling a run from any instance: committed first, then told to the handler. */

import type { Database } from "../store/postgres.ts";
import { announce, type RedisLink } from "../store/redis.ts";
import { cancelledChannel, changedChannel, type Run, readRun } from "./run.ts";
import { releaseNext } from "./threads.ts";

/** Commits the cancellation unless the run is over. Returns the run as it then is; undefined if there is none. */
export async function cancelRun(db: Database, redis: RedisLink, id: string): Promise<Run | undefined> {
  const untilMs = db.deadlineMs();
  const cancelled = await db.query(
    `with cancelled as (
       update runs set status = 'cancelled', finished_at = clock_timestamp(), last_seq = last_seq + 1
       where id = $1 and status in ('pending', 'running')
       returning attempt, last_seq
     )
     insert into run_events (run_id, seq, attempt, kind, data)
     select $1, last_seq, attempt, 'end', jsonb_build_object('status', 'cancelled', 'result', null, 'error', null) from cancelled
     returning seq`,
    [id],
    untilMs,
  );
  if (cancelled.length > 0) {
    // Only a hint: the handler asks Postgres, now or at its next look.
    announce(redis, cancelledChannel, id);
    announce(redis, changedChannel, id);
  }
  const run = await readRun(db, id, untilMs);
  // What is forgotten here is released by the queue instances' look.
  if (cancelled.length > 0 && run?.thread_id) await releaseNext(db, redis, run.thread_id).catch(() => {});
  return run;
}
