/** Taking work: one short statement, whose attempt number is the fencing token of everything that follows. */
import { randomUUID } from "node:crypto";
import { monotonicMs } from "../clock.ts";
import type { Database, Row } from "../store/postgres.ts";
import { isTransient } from "../store/transient.ts";
import type { RunInput } from "./run.ts";

export interface ClaimedRun extends Row {
  readonly id: string;
  readonly attempt: number;
  readonly failures: number;
  readonly input: RunInput;
  readonly traceparent: string | null;
  readonly thread_id: string | null;
  /** The number of the event that announced this attempt. */
  readonly last_seq: number;
}

export interface Claim {
  readonly runs: readonly ClaimedRun[];
  /** Monotonic time before the statement was sent: the handler's leases count from here. */
  readonly sentAtMs: number;
}

/** The ids as an array, and the state by `like`: whatever number the limit is, the rows are found by the primary key, and not by reading all that are pending once more. */
const claimSql = `
  with next as (
    select id from runs
    where status = 'pending' and available_at <= now() - make_interval(secs => $4::float8 / 1000)
    order by available_at, id
    limit $1
    for update skip locked
  ), claimed as (
    update runs
    set status = 'running', attempt = attempt + 1, handler = $2, claim_id = $3, claimed_at = clock_timestamp(), step = 0, last_seq = last_seq + 1
    where runs.id = any(array(select id from next)) and runs.status like 'pending'
    returning runs.id, runs.attempt, runs.failures, runs.input, runs.thread_id, runs.last_seq, runs.traceparent
  ), announced as (
    insert into run_events (run_id, seq, attempt, kind, data)
    select id, last_seq, attempt, 'attempt', jsonb_build_object('attempt', attempt, 'handler', $2::text) from claimed
  )
  select id, attempt, failures, input, thread_id, last_seq, traceparent from claimed`;

const readBackSql = `
  select id, attempt, failures, input, thread_id, last_seq, traceparent from runs where status = 'running' and handler = $1 and claim_id = $2`;

/**
 * Claims up to `free` runs for `handler` that have been ready for `readyForMs`. When the answer was lost, asks what this very claim took instead of claiming again:
 * runs taken by a forgotten claim would wait for the sweeper. Throws Unavailable if the database stays away.
 */
export async function claimRuns(db: Database, handler: string, free: number, readyForMs = 0): Promise<Claim> {
  const nonce = randomUUID();
  const sentAtMs = monotonicMs();
  try {
    return { runs: await db.once<ClaimedRun>(claimSql, [free, handler, nonce, readyForMs]), sentAtMs };
  } catch (error) {
    if (!isTransient(error)) throw error;
    return { runs: await db.query<ClaimedRun>(readBackSql, [handler, nonce]), sentAtMs };
  }
}
