/** Executing one attempt: enter, steps, exit, then the end of the run; or giving it back. */
import type { Logger } from "pino";
import { monotonicMs, orAborted, sleep } from "../clock.ts";
import { type EffectService, EffectsUnavailable } from "../effects/effects.ts";
import type { Database } from "../store/postgres.ts";
import { announce, type RedisLink } from "../store/redis.ts";
import { isTransient } from "../store/transient.ts";
import { readTraceparent } from "../tracing/trace-context.ts";
import type { Tracing } from "../tracing/tracing.ts";
import { type ActiveAttempts, type Attempt, AttemptAborted } from "./active.ts";
import { AttemptLost, appendStep, appendTokens, finishRun, requeueRun } from "./attempt-writes.ts";
import type { ClaimedRun } from "./claim.ts";
import { answerOf, modelMs, seedOf, tokensOf } from "./model.ts";
import { changedChannel, type RunInput, readyChannel } from "./run.ts";
import type { Slots } from "./slots.ts";
import { releaseNext } from "./threads.ts";

export interface ExecuteContext {
  readonly db: Database;
  readonly redis: RedisLink;
  readonly active: ActiveAttempts;
  readonly effects: EffectService;
  readonly retryLimit: number;
  readonly slots: Slots;
  /** The attempt has nothing left to do but to end its run in the database. */
  readonly onEnding: (attempt: Attempt) => void;
  readonly tracing: Tracing;
  readonly log: Logger;
}

const failureDelayMs = 250;
/** Tokens become durable, and visible, in batches this far apart: a statement for each would cost more than the model. */
const tokensEveryMs = 100;

/** A tool of the run has failed in a way that trying again does not mend. */
class ToolFailed extends Error {}

/**
 * Step by step: the external effect, then the model's time, then the durable event; the last event ends the run. Whether an attempt may still
 * write is for the run's row to decide, with every write: a look at the clock before it would leave a gap between the look and the write.
 */
async function work(context: ExecuteContext, attempt: Attempt): Promise<void> {
  const { db, redis, active } = context;
  const { run, stop } = attempt;
  const { signal } = stop;
  using _slot = await context.slots.take(signal);
  active.assertHeld(attempt);
  const effects = await context.effects.begin({ scope: "run", subject: run.id, token: run.attempt });
  // The work is left the moment it is stopped, whatever it is waiting for: others may begin soon.
  signal.addEventListener("abort", () => void effects.leave(), { once: true });
  try {
    active.assertHeld(attempt);
    const entered = effects.enter();
    const { steps } = run.input;
    let seq = run.last_seq;
    for (let step = 1; step <= steps; step++) {
      // The first step's effect goes out with the entry and is taken after it.
      await orAborted(Promise.all([entered, effects.step(step)]), signal);
      seq = await think(context, attempt, step, seq);
      if (run.input.fail_with?.step === step) throw new ToolFailed(run.input.fail_with.message);
      if (step === steps) {
        context.onEnding(attempt);
        await finishRun(db, run, { status: "success", result: resultOf(run.input), error: null, lastStep: step });
      } else await orAborted(appendStep(db, run, step), signal);
      seq += 1;
      announce(redis, changedChannel, run.id);
    }
  } catch (error) {
    // Acknowledged before the run is given to anybody else.
    await effects.leave();
    throw error;
  }
  // The run is over for everybody, and whoever takes this place reports after this over the same connection.
  void effects.leave();
}

/** The model's time of one step, with its tokens made durable in batches on the way. Returns the number of the attempt's latest event. */
async function think({ db, redis }: ExecuteContext, { run, stop }: Attempt, step: number, seq: number): Promise<number> {
  const { signal } = stop;
  const seed = seedOf(run.id, run.input);
  const ms = modelMs(run.input, seed, step);
  const tokens = tokensOf(run.input, seed, step);
  const batches = Math.min(tokens.length, Math.max(1, Math.round(ms / tokensEveryMs)));
  if (batches === 0 && ms > 0) await sleep(ms, signal);
  // The model does not wait for the database: each batch is due at its share of the step.
  const startedMs = monotonicMs();
  let from = 0;
  for (let batch = 1; batch <= batches; batch++) {
    await sleep(startedMs + (ms * batch) / batches - monotonicMs(), signal);
    const to = Math.round((tokens.length * batch) / batches);
    await orAborted(appendTokens(db, run, seq + batch, { step, from, text: tokens.slice(from, to).join("") }), signal);
    announce(redis, changedChannel, run.id);
    from = to;
  }
  return seq + batches;
}

function resultOf(input: RunInput): object {
  const answer = answerOf(input);
  return { steps: input.steps, ...(answer === undefined ? {} : { answer }) };
}

/** The run is over: the next one of its thread may begin. Without the database, the queue instances' look finds it later. */
async function release({ db, redis, log }: ExecuteContext, { thread_id }: ClaimedRun): Promise<void> {
  if (thread_id === null) return;
  await releaseNext(db, redis, thread_id).catch((error) => log.info({ thread: thread_id, reason: String(error) }, "next run not released yet"));
}

/** Ends a failed attempt in the database. The effects have been left before. */
async function settle(context: ExecuteContext, { run }: Attempt, error: unknown): Promise<string> {
  const { db, redis, retryLimit, log } = context;
  if (error instanceof AttemptLost) return error.status === "cancelled" ? "cancelled" : "lost";
  if (error instanceof AttemptAborted && error.reason === "taken away") return "lost";
  const reason = error instanceof Error ? error.message : String(error);
  const transient = isTransient(error) || error instanceof EffectsUnavailable;
  if (error instanceof AttemptAborted) {
    await requeueRun(db, run, { reason: error.reason, failed: false, delayMs: 0 });
  } else if (transient && run.failures < retryLimit) {
    await requeueRun(db, run, { reason, failed: true, delayMs: failureDelayMs * (run.failures + 1) });
  } else {
    await finishRun(db, run, { status: "error", result: null, error: reason, lastStep: null });
    announce(redis, changedChannel, run.id);
    log.warn({ reason }, "run ended in error");
    await release(context, run);
    return "error";
  }
  announce(redis, readyChannel, run.id);
  announce(redis, changedChannel, run.id);
  return "requeued";
}

/** Executes the attempt to its end, as one span of the trace that created the run. Never rejects. Returns what became of it: success, error, cancelled, requeued, lost (to another), abandoned (to the sweepers). */
export async function execute(context: ExecuteContext, attempt: Attempt): Promise<string> {
  const { run } = attempt;
  const span = context.tracing.start({ name: "run attempt", kind: "consumer", parent: readTraceparent(run.traceparent) });
  const log = context.log.child({ trace_id: span.context.traceId, run: run.id, attempt: run.attempt });
  const outcome = await attemptToTheEnd({ ...context, log }, attempt);
  span.end(outcome !== "success", { "run.id": run.id, "run.attempt": run.attempt, "run.outcome": outcome });
  return outcome;
}

async function attemptToTheEnd(context: ExecuteContext, attempt: Attempt): Promise<string> {
  const { log } = context;
  try {
    await work(context, attempt);
    log.debug("attempt succeeded");
    await release(context, attempt.run);
    return "success";
  } catch (error) {
    log.info({ reason: error instanceof Error ? error.message : String(error) }, "attempt stopped");
    try {
      return await settle(context, attempt, error);
    } catch (unsettled) {
      if (unsettled instanceof AttemptLost) return unsettled.status === "cancelled" ? "cancelled" : "lost";
      // The database cannot be reached: the heartbeat ends with the attempt, and a sweeper gives the run to somebody else.
      log.warn({ reason: unsettled instanceof Error ? unsettled.message : String(unsettled) }, "attempt abandoned");
      return "abandoned";
    }
  }
}
