/** Executing one attempt: enter, steps, exit, then the end of the run; or giving it back. */
import type { Logger } from "pino";
import { orAborted, sleep } from "../clock.ts";
import { type Effects, EffectsUnavailable, openEffects } from "../effects/effects.ts";
import type { Database } from "../store/postgres.ts";
import { announce, type RedisLink } from "../store/redis.ts";
import { isTransient } from "../store/transient.ts";
import { readTraceparent } from "../tracing/trace-context.ts";
import type { Tracing } from "../tracing/tracing.ts";
import { type ActiveAttempts, type Attempt, AttemptAborted } from "./active.ts";
import { AttemptLost, appendStep, finishRun, requeueRun } from "./attempt-writes.ts";
import { changedChannel, type RunInput, readyChannel } from "./run.ts";

export interface ExecuteContext {
  readonly db: Database;
  readonly redis: RedisLink;
  readonly active: ActiveAttempts;
  readonly effects: { readonly host: string; readonly port: number } | undefined;
  readonly retryLimit: number;
  readonly tracing: Tracing;
  readonly log: Logger;
}

const failureDelayMs = 250;

/**
 * Step by step: the external effect, then the model's time, then the durable event; the last event ends the run. Whether an attempt may still
 * write is for the run's row to decide, with every write: a look at the clock before it would leave a gap between the look and the write.
 */
async function work(context: ExecuteContext, attempt: Attempt): Promise<void> {
  const { db, redis, active } = context;
  const { run, stop } = attempt;
  const { signal } = stop;
  active.assertHeld(attempt);
  await using effects: Effects = await openEffects(context.effects, { scope: "run", subject: run.id, token: run.attempt });
  // The work is left the moment it is stopped, whatever it is waiting for: others may begin soon.
  signal.addEventListener("abort", () => void effects.leave(), { once: true });
  active.assertHeld(attempt);
  await orAborted(effects.enter(), signal);
  const { steps, step_ms } = run.input;
  for (let step = 1; step <= steps; step++) {
    await orAborted(effects.step(step), signal);
    await sleep(step_ms, signal);
    if (step === steps) await finishRun(db, run, { status: "success", result: resultOf(run.input), error: null, lastStep: step });
    else await orAborted(appendStep(db, run, step), signal);
    announce(redis, changedChannel, run.id);
  }
}

function resultOf({ steps, query, agent_type }: RunInput): object {
  const answer = query === undefined ? {} : { answer: `Simulated answer of the ${agent_type} agent to: ${query}` };
  return { steps, ...answer };
}

/** Ends a failed attempt in the database. The effects have been left before. */
async function settle({ db, redis, retryLimit, log }: ExecuteContext, { run }: Attempt, error: unknown): Promise<string> {
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
