import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProcess } from "../testing/process.ts";
import { eventually, insertRuns, noServices, type Services, startServices, testConfig } from "../testing/services.ts";
import { readRun } from "./run.ts";

/** For what happens in milliseconds on an idle machine. */
const inTimeMs = 60_000;

describe.skipIf(noServices)("a queue instance that is told to stop (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const statusOf = async (id: string) => (await readRun(services.db, id))?.status;

  it.each(["SIGINT", "SIGTERM"] as const)(
    "finishes what is short, gives back what is long at once, claims nothing more and exits 0 on %s (LG-9)",
    async (signal) => {
      const config = testConfig(services, "queue", { drainMs: 3000 });
      await using handler = await startProcess(config);
      const [short = ""] = await insertRuns(services.db, 1, { steps: 2, step_ms: 400 });
      const [long = ""] = await insertRuns(services.db, 1, { steps: 100, step_ms: 400 });
      for (const id of [short, long]) {
        await eventually(
          () => statusOf(id),
          (status) => status === "running",
          inTimeMs,
        );
      }
      handler.child.kill(signal);
      await eventually(
        async () => handler.log().some((line) => line.msg === "stopping"),
        (told) => told,
        inTimeMs,
      );
      const late = await insertRuns(services.db, 5);
      const toldAtMs = performance.now();
      expect(await handler.exited).toEqual([0, null]);
      expect(performance.now() - toldAtMs).toBeLessThan(config.drainMs + 12_000);
      expect(await readRun(services.db, short)).toMatchObject({ status: "success", attempt: 1 });
      expect(await readRun(services.db, long)).toMatchObject({ status: "pending", attempt: 1 });
      for (const id of late) expect(await readRun(services.db, id)).toMatchObject({ status: "pending", attempt: 0 });
      const [given] = await services.db.query<{ reason: string; waits: boolean }>(
        `select data->>'reason' as reason, available_at > clock_timestamp() as waits
         from run_events join runs on runs.id = run_id where run_id = $1 and kind = 'requeue'`,
        [long],
      );
      expect(given).toEqual({ reason: "draining", waits: false });
      // The heartbeat is taken away with the attempt: nothing has to run out before the next one may begin.
      expect(await services.redis.client.zcard("heartbeats")).toBe(0);
      await services.db.query("delete from runs", []);
    },
    240_000,
  );
});
