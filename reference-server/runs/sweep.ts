/**
 * Giving back the runs of dead handlers. Every queue instance sweeps; the guarded requeue lets one of them win.
 * A sweeper that is not sure of what Redis tells it judges nobody for a full time-out: in that time every live handler has beaten again.
 */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { monotonicMs } from "../clock.ts";
import type { Database, Row } from "../store/postgres.ts";
import { announce, type RedisLink } from "../store/redis.ts";
import { type AttemptKey, requeueRun } from "./attempt-writes.ts";
import { heartbeatsKey, memberOf } from "./heartbeat.ts";
import { changedChannel, readyChannel } from "./run.ts";

/** Names the current contents of Redis: after a flush there is none, or another. */
const markerKey = "heartbeats:marker";
/** A tick later than this was not late but stopped; clocks that differ by this much were set (ms). */
const gapMs = 1000;

const readScript = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('SET', KEYS[2], ARGV[1], 'NX')
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
  local found = { now, redis.call('GET', KEYS[2]) }
  for i = 3, #ARGV do found[i] = redis.call('ZSCORE', KEYS[1], ARGV[i]) or '' end
  return found`;

interface RunningRun extends Row, AttemptKey {
  readonly claim_age_ms: number;
}

export interface SweepContext {
  readonly db: Database;
  readonly redis: RedisLink;
  readonly heartbeatTimeoutMs: number;
  readonly tickMs: number;
  readonly log: Logger;
  readonly onRequeue: () => void;
}

/** One look at everything: returns the attempts it gave back. Throws when Redis or Postgres cannot be read; then nothing was judged. */
export type Sweep = () => Promise<readonly AttemptKey[]>;

/** A sweeper with its memory of what it saw before. */
export function sweeper({ db, redis, heartbeatTimeoutMs, tickMs, log, onRequeue }: SweepContext): Sweep {
  let judgeFromMs = 0;
  let lastEndMs = monotonicMs();
  let seen: { server: string; marker: string; epoch: number; redisMs: number; atMs: number } | undefined;
  let missingSinceMs = new Map<string, number>();

  const distrust = (why: string): void => {
    judgeFromMs = monotonicMs() + heartbeatTimeoutMs;
    missingSinceMs.clear();
    log.info({ why, waitMs: heartbeatTimeoutMs }, "sweeper waits before it judges");
  };

  const readHeartbeats = async (running: readonly RunningRun[]): Promise<{ nowMs: number; scores: string[] }> => {
    const epoch = redis.epoch();
    const server = /^run_id:(\S+)/m.exec(await redis.client.info("server"))?.[1] ?? "";
    const atMs = monotonicMs();
    const [nowMs, marker, ...scores] = (await redis.client.eval(
      readScript,
      2,
      heartbeatsKey,
      markerKey,
      randomUUID(),
      10 * heartbeatTimeoutMs,
      ...running.map(memberOf),
    )) as [number, string, ...string[]];
    if (redis.epoch() !== epoch) throw new Error("The connection to Redis changed while heartbeats were read.");
    const before = seen;
    seen = { server, marker, epoch, redisMs: nowMs, atMs };
    if (!before) distrust("first look");
    else if (before.epoch !== epoch) distrust("reconnected to Redis");
    else if (before.server !== server) distrust("another Redis process");
    else if (before.marker !== marker) distrust("Redis was flushed");
    else if (Math.abs(nowMs - before.redisMs - (atMs - before.atMs)) > gapMs) distrust("the clock of Redis was set, or its answer was late");
    return { nowMs, scores };
  };

  return async () => {
    if (monotonicMs() - lastEndMs > tickMs + gapMs) distrust("this sweeper was stopped");
    try {
      const running = await db.query<RunningRun>(
        "select id, attempt, extract(epoch from clock_timestamp() - claimed_at)::float8 * 1000 as claim_age_ms from runs where status = 'running'",
        [],
      );
      // With nobody to judge, Redis is asked now and then: what changed there is found, at the latest, by the look that has somebody.
      if (running.length === 0 && seen && monotonicMs() - seen.atMs < heartbeatTimeoutMs) {
        missingSinceMs.clear();
        return [];
      }
      const { nowMs, scores } = await readHeartbeats(running);
      const lookMs = monotonicMs();
      const missing = new Map<string, number>();
      const dead = running.filter((run, i) => {
        const score = scores[i];
        if (score) return nowMs - Number(score) > heartbeatTimeoutMs;
        const since = missingSinceMs.get(memberOf(run)) ?? lookMs;
        missing.set(memberOf(run), since);
        return run.claim_age_ms > heartbeatTimeoutMs && lookMs - since >= heartbeatTimeoutMs - tickMs;
      });
      missingSinceMs = missing;
      if (lookMs < judgeFromMs) return [];
      const requeued: AttemptKey[] = [];
      for (const { id, attempt } of dead) {
        if (!(await requeueRun(db, { id, attempt }, { reason: "handler is dead", failed: false, delayMs: 0 }))) continue;
        requeued.push({ id, attempt });
        onRequeue();
        log.info({ run: id, attempt }, "gave back the run of a dead handler");
        announce(redis, readyChannel, id);
        announce(redis, changedChannel, id);
      }
      return requeued;
    } finally {
      lastEndMs = monotonicMs();
    }
  };
}

/** Sweeps every tick until disposed; disposing waits for a look in progress. */
export function startSweeper(context: SweepContext): AsyncDisposable {
  const sweep = sweeper(context);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = sweep()
        .catch((error) => context.log.debug({ reason: String(error) }, "sweep skipped"))
        .finally(() => {
          if (!stopped) schedule();
        });
    }, context.tickMs);
  };
  schedule();
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
