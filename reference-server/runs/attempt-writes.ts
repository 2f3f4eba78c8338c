/**
 * What a handler may write about its attempt. Each is one statement, refused unless the run is still in this very attempt;
 * when it is refused the row says whether our own earlier send was committed or the attempt is lost.
 *
 * The state is compared by `like`, which no index answers: by `=` Postgres takes the index of all running runs for a shorter way to one of them than the primary key,
 * and reads the whole of it, with every entry of a run that has ended, each time.
 */
import type { Database, Row } from "../store/postgres.ts";
import { together } from "../store/together.ts";
import { type Run, readRun } from "./run.ts";

export interface AttemptKey {
  readonly id: string;
  readonly attempt: number;
}

/** The run has been taken away: cancelled, or given to a later attempt. The handler must stop at once. */
export class AttemptLost extends Error {
  readonly status: string;
  constructor(key: AttemptKey, now: Run | undefined) {
    super(`Attempt ${key.attempt} of run ${key.id} is over: the run is ${now ? `${now.status}, attempt ${now.attempt}` : "gone"}.`);
    this.status = now && now.attempt === key.attempt ? now.status : "taken";
  }
}

/**
 * What several attempts write at the same moment goes in one statement, in which each row is guarded by its own attempt: what was taken away is left out, and the others are stored.
 * A row that somebody else holds is left out too, so that nobody waits for it but its own attempt, in a statement of its own. `sqlOf` is given the rest of the subquery `held`
 * and returns a statement that answers with the rows it stored; `keyOf` tells whose each of them is.
 */
function storedTogether<W extends AttemptKey>(
  sqlOf: (locking: string) => string,
  valuesOf: (writes: readonly W[]) => unknown[],
  keyOf: (write: W) => string,
): (db: Database, write: W) => Promise<boolean> {
  const several = sqlOf("for update skip locked");
  const one = sqlOf("");
  return together(async (db: Database, writes: readonly W[]) => {
    const untilMs = db.deadlineMs();
    const alone = async (write: W): Promise<boolean> => (await db.query(one, valuesOf([write]), untilMs)).length > 0;
    if (writes.length === 1) return writes.map(alone);
    try {
      const stored = new Set((await db.once<Row & W>(several, valuesOf(writes))).map(keyOf));
      return writes.map((write) => stored.has(keyOf(write)) || alone(write));
    } catch {
      // What is wrong may be wrong with one of them: each is sent again by itself, and hears of its own error only.
      return writes.map(alone);
    }
  });
}

interface StepAppend extends AttemptKey {
  readonly step: number;
}

const storeStep = storedTogether<StepAppend>(
  (locking) => `
    with given as (
      select id, attempt, step from unnest($1::uuid[], $2::int[], $3::int[]) as given (id, attempt, step)
    ), held as (
      select id from runs where id = any($1) ${locking}
    ), advanced as (
      update runs set step = given.step, last_seq = last_seq + 1
      from given join held using (id)
      where runs.id = given.id and runs.attempt = given.attempt and status like 'running' and runs.step = given.step - 1
      returning runs.id, runs.attempt, runs.step, last_seq
    )
    insert into run_events (run_id, seq, attempt, kind, data)
    select id, last_seq, attempt, 'step', jsonb_build_object('step', step) from advanced
    returning run_id as id, attempt, (data->>'step')::int as step`,
  (steps) => [steps.map(({ id }) => id), steps.map(({ attempt }) => attempt), steps.map(({ step }) => step)],
  ({ id, attempt, step }) => `${id} ${attempt} ${step}`,
);

/** Makes step `step` durable with its event, in one statement with the steps of other attempts that are due at the same moment. Sent twice, it is stored once. Throws AttemptLost. */
export async function appendStep(db: Database, { id, attempt }: AttemptKey, step: number): Promise<void> {
  if (await storeStep(db, { id, attempt, step })) return;
  const now = await readRun(db, id);
  if (now?.status === "running" && now.attempt === attempt && now.step === step) return;
  throw new AttemptLost({ id, attempt }, now);
}

export interface TokenBatch {
  readonly step: number;
  /** How many tokens of this step came before. */
  readonly from: number;
  readonly text: string;
}

/**
 * Makes a batch of tokens durable as event `seq`, the one after the attempt's latest. While a run is in an attempt only its handler adds
 * events, so the number shows whether this batch is stored: sent twice, it is stored once. Throws AttemptLost.
 */
export async function appendTokens(db: Database, key: AttemptKey, seq: number, batch: TokenBatch): Promise<void> {
  const stored = await db.query(
    `with advanced as (
       update runs set last_seq = last_seq + 1
       where id = $1 and attempt = $2 and status like 'running' and last_seq = $3 - 1
       returning last_seq
     )
     insert into run_events (run_id, seq, attempt, kind, data)
     select $1, last_seq, $2, 'tokens', $4 from advanced
     returning seq`,
    [key.id, key.attempt, seq, JSON.stringify(batch)],
  );
  if (stored.length > 0) return;
  const now = await readRun(db, key.id);
  if (now?.status === "running" && now.attempt === key.attempt && now.last_seq === seq) return;
  throw new AttemptLost(key, now);
}

export interface RunEnd {
  readonly status: "success" | "error";
  readonly result: object | null;
  readonly error: string | null;
  /** The step that the end makes durable with it. */
  readonly lastStep: number | null;
}

const storeEnd = storedTogether<AttemptKey & RunEnd>(
  (locking) => `
    with given as (
      select * from unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[], $5::text[], $6::int[]) as given (id, attempt, status, result, error, last_step)
    ), held as (
      select id from runs where id = any($1) ${locking}
    ), finished as (
      update runs
      set status = given.status, result = given.result, error = given.error, finished_at = clock_timestamp(),
          step = coalesce(given.last_step, step), last_seq = last_seq + case when given.last_step is null then 1 else 2 end
      from given join held using (id)
      where runs.id = given.id and runs.attempt = given.attempt and runs.status like 'running'
      returning runs.id, runs.attempt, runs.last_seq, runs.status, runs.result, runs.error, given.last_step
    )
    insert into run_events (run_id, seq, attempt, kind, data)
    select id, last_seq - 1, attempt, 'step', jsonb_build_object('step', last_step) from finished where last_step is not null
    union all
    select id, last_seq, attempt, 'end', jsonb_build_object('status', status, 'result', result, 'error', error) from finished
    returning run_id as id, attempt, data->>'status' as status`,
  (ends) => [
    ends.map(({ id }) => id),
    ends.map(({ attempt }) => attempt),
    ends.map(({ status }) => status),
    ends.map(({ result }) => result && JSON.stringify(result)),
    ends.map(({ error }) => error),
    ends.map(({ lastStep }) => lastStep),
  ],
  ({ id, attempt, status }) => `${id} ${attempt} ${status}`,
);

/** Ends the run, with its terminal event and that of its last step, in one statement with the ends of other attempts that are due at the same moment. Sent twice, it ends once. Throws AttemptLost. */
export async function finishRun(db: Database, { id, attempt }: AttemptKey, end: RunEnd): Promise<void> {
  if (await storeEnd(db, { id, attempt, ...end })) return;
  const now = await readRun(db, id);
  if (now?.attempt === attempt && now.status === end.status) return;
  throw new AttemptLost({ id, attempt }, now);
}

export interface Requeue {
  readonly reason: string;
  /** Whether this counts against the run's transient failures. */
  readonly failed: boolean;
  /** Nobody may claim the run earlier. */
  readonly delayMs: number;
}

/** Gives the run back to whoever claims it next. False when it was not in this attempt any more (or our own earlier send did it). */
export async function requeueRun(db: Database, key: AttemptKey, { reason, failed, delayMs }: Requeue, untilMs?: number): Promise<boolean> {
  const requeued = await db.query(
    `with requeued as (
       update runs
       set status = 'pending', handler = null, claim_id = null, failures = failures + $3, last_seq = last_seq + 1,
           available_at = clock_timestamp() + make_interval(secs => $4::float8 / 1000)
       where id = $1 and attempt = $2 and status like 'running'
       returning last_seq
     )
     insert into run_events (run_id, seq, attempt, kind, data)
     select $1, last_seq, $2, 'requeue', jsonb_build_object('reason', $5::text) from requeued
     returning seq`,
    [key.id, key.attempt, failed ? 1 : 0, delayMs, reason],
    untilMs,
  );
  return requeued.length > 0;
}
