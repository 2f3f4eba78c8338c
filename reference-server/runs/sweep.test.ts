import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sleep } from "../clock.ts";
import { openRedis } from "../store/redis.ts";
import { insertRuns, noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { type Attempt, activeAttempts } from "./active.ts";
import { claimRuns } from "./claim.ts";
import { type Heartbeat, heartbeatsKey, memberOf, startHeartbeat } from "./heartbeat.ts";
import { readRun } from "./run.ts";
import { type Sweep, sweeper } from "./sweep.ts";

const heartbeatTimeoutMs = 600;
const tickMs = 50;

describe.skipIf(noServices)("sweeper (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let sweep: Sweep;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    await services.db.query("delete from runs", []);
    await services.redis.client.flushdb();
    sweep = newSweeper();
  });

  const newSweeper = (redis = services.redis): Sweep =>
    sweeper({ db: services.db, redis, heartbeatTimeoutMs, tickMs, log: quiet, onRequeue: () => {} });

  /** Sweeps every tick for a while; returns the runs given back and when the first was. */
  const sweepFor = async (ms: number, look: Sweep = sweep): Promise<{ ids: string[]; firstAtMs: number }> => {
    const startedMs = performance.now();
    const ids: string[] = [];
    let firstAtMs = Number.NaN;
    while (performance.now() - startedMs < ms) {
      const requeued = await look();
      if (requeued.length > 0 && ids.length === 0) firstAtMs = performance.now() - startedMs;
      ids.push(...requeued.map(({ id }) => id));
      await sleep(tickMs);
    }
    return { ids, firstAtMs };
  };

  const claimed = async (): Promise<Attempt> => {
    await insertRuns(services.db, 1);
    const { runs, sentAtMs } = await claimRuns(services.db, "queue-1", 1);
    const [run] = runs;
    if (!run) throw new Error("Expected a run to claim and found none.");
    return { run, stop: new AbortController(), renewedAtMs: sentAtMs };
  };
  const beating = (attempt: Attempt): Heartbeat => {
    const active = activeAttempts(heartbeatTimeoutMs - 100);
    active.begin(attempt);
    return startHeartbeat(services.redis, active, 100);
  };
  /** What the last beat of a handler that died `agoMs` ago left behind. */
  const beatAgo = async (attempt: Attempt, agoMs: number): Promise<void> => {
    const [seconds, micros] = await services.redis.client.time();
    await services.redis.client.zadd(heartbeatsKey, Number(seconds) * 1000 + Number(micros) / 1000 - agoMs, memberOf(attempt.run));
  };

  it("never takes a run whose handler beats, and takes it soon after the last beat", async () => {
    const attempt = await claimed();
    const heartbeat = beating(attempt);
    expect((await sweepFor(3 * heartbeatTimeoutMs)).ids).toEqual([]);
    heartbeat[Symbol.dispose]();
    const { ids, firstAtMs } = await sweepFor(heartbeatTimeoutMs + 400);
    expect(ids).toEqual([attempt.run.id]);
    expect(firstAtMs).toBeGreaterThan(heartbeatTimeoutMs - 150);
    expect(await readRun(services.db, attempt.run.id)).toMatchObject({ status: "pending", attempt: 1 });
    expect(attempt.stop.signal.aborted, "the handler stopped itself before").toBe(true);
  });

  it("takes the run of a handler that died before its first beat", async () => {
    await sweepFor(heartbeatTimeoutMs + 100);
    const attempt = await claimed();
    const { ids, firstAtMs } = await sweepFor(heartbeatTimeoutMs + 400);
    expect(ids).toEqual([attempt.run.id]);
    expect(firstAtMs).toBeGreaterThan(heartbeatTimeoutMs - tickMs - 20);
  });

  it("judges nobody for a full time-out after its first look", async () => {
    const attempt = await claimed();
    await beatAgo(attempt, 5 * heartbeatTimeoutMs);
    const { ids, firstAtMs } = await sweepFor(2 * heartbeatTimeoutMs);
    expect(ids).toEqual([attempt.run.id]);
    expect(firstAtMs).toBeGreaterThanOrEqual(heartbeatTimeoutMs);
  });

  it("judges nobody for a full time-out after a flush, even when another sweeper saw it first", async () => {
    const other = newSweeper();
    await Promise.all([sweepFor(heartbeatTimeoutMs + 100), sweepFor(heartbeatTimeoutMs + 100, other)]);
    const attempt = await claimed();
    await services.redis.client.flushdb();
    await sweep();
    await beatAgo(attempt, 5 * heartbeatTimeoutMs);
    expect(await other()).toEqual([]);
    expect((await sweepFor(heartbeatTimeoutMs - 2 * tickMs, other)).ids).toEqual([]);
    expect((await sweepFor(4 * tickMs, other)).ids).toEqual([attempt.run.id]);
  });

  it("takes nothing when it cannot read Redis", async () => {
    using nowhere = openRedis("redis://127.0.0.1:9", "test", quiet);
    const attempt = await claimed();
    await sleep(heartbeatTimeoutMs);
    await expect(newSweeper(nowhere)()).rejects.toThrow();
    expect(await readRun(services.db, attempt.run.id)).toMatchObject({ status: "running", attempt: 1 });
  });

  it("waits again after it was stopped itself", async () => {
    await sweepFor(heartbeatTimeoutMs + 100);
    const attempt = await claimed();
    await beatAgo(attempt, 0);
    await sleep(1000 + 2 * tickMs);
    expect(await sweep()).toEqual([]);
    expect((await sweepFor(heartbeatTimeoutMs + 200)).ids).toEqual([attempt.run.id]);
  });

  it("stops a handler that cannot renew before anybody may take its run", async () => {
    using nowhere = openRedis("redis://127.0.0.1:9", "test", quiet);
    const attempt = await claimed();
    const active = activeAttempts(heartbeatTimeoutMs - 200);
    active.begin(attempt);
    using _heartbeat = startHeartbeat(nowhere, active, 100);
    const startedMs = performance.now();
    while (!attempt.stop.signal.aborted && performance.now() - startedMs < 2000) await sleep(10);
    expect(performance.now() - startedMs).toBeLessThan(heartbeatTimeoutMs);
    expect(() => active.assertHeld(attempt)).toThrow("lease lost");
  });
});
