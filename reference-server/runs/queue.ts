/** A queue instance: claims what is ready, executes it, looks whether it still owns what it executes, and drains. */
import { setImmediate } from "node:timers/promises";
import { settledWithin } from "../clock.ts";
import type { Row } from "../store/postgres.ts";
import { type ActiveAttempts, type Attempt, AttemptAborted } from "./active.ts";
import { requeueRun } from "./attempt-writes.ts";
import { type Claim, claimRuns } from "./claim.ts";
import type { Consumption } from "./consumption.ts";
import { type ExecuteContext, execute } from "./execute.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { openSlots } from "./slots.ts";

/** Cover for lost messages: how often the queue is looked at without one, and our own runs for a cancellation (ms). */
const pollMs = 500;
/** An instance that cannot beat leaves a run to the others for this long: what it takes it may have to give back (ms). More than a poll. */
const handicapMs = 600;

export interface Queue {
  /** Something may be ready to be claimed. */
  wake(): void;
  /** A run may have been cancelled: asks Postgres if we are executing it ("": any). */
  recheck(runId: string): void;
  /** Claims nothing more, lets attempts go on for `graceMs`, then gives them back. Resolves when none is left. */
  drain(graceMs: number): Promise<void>;
}

interface QueueContext extends Omit<ExecuteContext, "slots" | "onEnding"> {
  readonly instanceId: string;
  readonly runsPerInstance: number;
  readonly heartbeat: Heartbeat;
  readonly consumption: Consumption;
  readonly onEnd: (outcome: string) => void;
}

/** Stops every attempt whose run is no longer running in that attempt. */
async function stopTaken(db: ExecuteContext["db"], active: ActiveAttempts): Promise<void> {
  const mine = [...active.all].filter((attempt) => !attempt.stop.signal.aborted);
  if (mine.length === 0) return;
  const rows = await db.query<Row & { id: string; attempt: number; status: string }>(
    "select id, attempt, status from runs where id = any($1::uuid[])",
    [mine.map((attempt) => attempt.run.id)],
  );
  const now = new Map(rows.map((row) => [row.id, row]));
  for (const { run, stop } of mine) {
    const row = now.get(run.id);
    if (row?.status !== "running" || row.attempt !== run.attempt) stop.abort(new AttemptAborted("taken away"));
  }
}

/** Starts claiming. */
export function startQueue(context: QueueContext): Queue {
  const { db, redis, active, heartbeat, log, instanceId, runsPerInstance, consumption, onEnd } = context;
  const draining = new AbortController();
  const ends = new Set<Promise<void>>();
  let woken = Promise.withResolvers<void>();
  const wake = (): void => woken.resolve();

  const slots = openSlots(runsPerInstance);
  /** Their ends are on the way to the database: the next runs are claimed meanwhile, and wait for their slots. */
  const ending = new Set<Attempt>();
  /** The last claim got all that it asked for: there may be more. Otherwise a message tells of new runs. */
  let more = false;
  const wakeForMore = (): void => {
    if (more) wake();
  };
  const onEnding = (attempt: Attempt): void => {
    ending.add(attempt);
    wakeForMore();
  };
  const executing = { ...context, slots, onEnding };

  const begin = (attempt: Attempt): void => {
    active.begin(attempt);
    const end = execute(executing, attempt).then((outcome) => {
      active.end(attempt);
      ending.delete(attempt);
      heartbeat.forget(attempt);
      ends.delete(end);
      onEnd(outcome);
      wakeForMore();
    });
    ends.add(end);
  };

  const giveBack = async ({ runs }: Claim): Promise<void> => {
    const given = runs.map((run) => requeueRun(db, run, { reason: "draining", failed: false, delayMs: 0 }));
    for (const result of await Promise.allSettled(given)) {
      if (result.status === "rejected") log.warn({ reason: String(result.reason) }, "a claim could not be handed back and is left to the sweepers");
    }
  };

  const claimLoop = async (): Promise<void> => {
    while (!draining.signal.aborted) {
      // One claim for all slots that become free in the same moment.
      await setImmediate();
      const free = runsPerInstance - (active.all.size - ending.size);
      woken = Promise.withResolvers<void>();
      if (free > 0) {
        try {
          const claim = await claimRuns(db, instanceId, free, redis.client.status === "ready" ? 0 : handicapMs);
          consumption.looked();
          if (draining.signal.aborted) return await giveBack(claim);
          for (const run of claim.runs) begin({ run, stop: new AbortController(), renewedAtMs: claim.sentAtMs });
          if (claim.runs.length > 0) heartbeat.begun();
          more = claim.runs.length === free;
          if (more) continue;
        } catch (error) {
          more = true;
          log.warn({ reason: error instanceof Error ? error.message : String(error) }, "claiming failed");
        }
      } else consumption.looked();
      await settledWithin(woken.promise, pollMs);
    }
  };

  let looking = false;
  const recheckNow = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      await stopTaken(db, active);
    } catch (error) {
      log.debug({ reason: String(error) }, "own runs could not be read");
    } finally {
      looking = false;
    }
  };
  const claiming = claimLoop();
  const rechecks = setInterval(() => void recheckNow(), pollMs);

  return {
    wake,
    recheck(runId) {
      if (runId === "" || [...active.all].some((attempt) => attempt.run.id === runId)) void recheckNow();
    },
    async drain(graceMs) {
      draining.abort();
      slots.close(new AttemptAborted("draining"));
      wake();
      const finished = async (): Promise<void> => {
        await claiming;
        while (ends.size > 0) await Promise.all(ends);
      };
      if (!(await settledWithin(finished(), graceMs))) {
        for (const { stop } of active.all) stop.abort(new AttemptAborted("draining"));
        await finished();
      }
      clearInterval(rechecks);
    },
  };
}
