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

interface StepAppend extends AttemptKey {
  readonly step: number;
}

/** Each row is guarded by its own attempt: what was taken away is left out, and the others are stored. */
const appendStepsSql = `
  with given as (
    select id, attempt, step from unnest($1::uuid[], $2::int[], $3::int[]) as given (id, attempt, step)
  ), advanced as (
    update runs set step = given.step, last_seq = last_seq + 1
    from given
    where runs.id = given.id and runs.attempt = given.attempt and status like 'running' and runs.step = given.step - 1
    returning runs.id, runs.attempt, runs.step, last_seq
  )
  insert into run_events (run_id, seq, attempt, kind, data)
  select id, last_seq, attempt, 'step', jsonb_build_object('step', step) from advanced
  returning run_id as id, attempt, (data->>'step')::int as step`;

const keyOf = ({ id, attempt, step }: StepAppend): string => `${id} ${attempt} ${step}`;

const valuesOf = (steps: readonly StepAppend[]): unknown[] => [
  steps.map(({ id }) => id),
  steps.map(({ attempt }) => attempt),
  steps.map(({ step }) => step),
];

const sendSteps = together(async (db: Database, steps: readonly StepAppend[]) => {
  const untilMs = db.deadlineMs();
  const alone = async (step: StepAppend): Promise<boolean> => (await db.query(appendStepsSql, valuesOf([step]), untilMs)).length > 0;
  if (steps.length > 1) {
    try {
      const stored = new Set((await db.once<Row & StepAppend>(appendStepsSql, valuesOf(steps))).map(keyOf));
      return steps.map((step) => stored.has(keyOf(step)));
    } catch {
      // What is wrong may be wrong with one of them: each is sent again by itself, and hears of its own error only.
    }
  }
  return steps.map(alone);
});

/** Makes step `step` durable with its event, in one statement with the steps of other attempts that are due at the same moment. Sent twice, it is stored once. Throws AttemptLost. */
export async function appendStep(db: Database, { id, attempt }: AttemptKey, step: number): Promise<void> {
  if (await sendSteps(db, { id, attempt, step })) return;
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

/** Ends the run, with its terminal event and that of its last step. Sent twice, it ends once. Throws AttemptLost. */
export async function finishRun(db: Database, key: AttemptKey, end: RunEnd): Promise<void> {
  const finished = await db.query(
    `with finished as (
       update runs
       set status = $3, result = $4, error = $5, finished_at = clock_timestamp(),
           step = coalesce($6, step), last_seq = last_seq + case when $6::int is null then 1 else 2 end
       where id = $1 and attempt = $2 and status like 'running'
       returning last_seq
     )
     insert into run_events (run_id, seq, attempt, kind, data)
     select $1::uuid, last_seq - 1, $2::int, 'step', jsonb_build_object('step', $6::int) from finished where $6::int is not null
     union all
     select $1::uuid, last_seq, $2::int, 'end', jsonb_build_object('status', $3::text, 'result', $4::jsonb, 'error', $5::text) from finished
     returning seq`,
    [key.id, key.attempt, end.status, end.result && JSON.stringify(end.result), end.error, end.lastStep],
  );
  if (finished.length > 0) return;
  const now = await readRun(db, key.id);
  if (now?.attempt === key.attempt && now.status === end.status) return;
  throw new AttemptLost(key, now);
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
