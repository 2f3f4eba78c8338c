import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, insertRuns, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { requeueRun } from "./attempt-writes.ts";
import { claimRuns } from "./claim.ts";
import { readEvents } from "./events.ts";
import { isTerminal, type RunInput, readRun } from "./run.ts";

const fail = (error: unknown): never => {
  throw error;
};
// The others condemn the connection, and what one run meets makes every statement of the instance wait: they are tried one by one.
const connectionBroken = ["57P01", "57P02", "57P03", "08000", "08001", "08003", "08006", "53300"];
/** Longer than a statement takes on a busy machine, shorter than the errors last (ms). */
const outageBudgetMs = 1500;

describe.skipIf(noServices)("failures of attempts (need TEST_DATABASE_URL and TEST_REDIS_URL)", { timeout: 180_000 }, () => {
  let services: Services;
  let queue: Instance;
  beforeAll(async () => {
    services = await startServices();
    // Postgres itself raises the error, in every statement that would make a step durable, until the run has failed as often as its input says.
    await services.db.query(
      `create function inject() returns trigger language plpgsql as $$
       begin
         if old.failures < (old.input->'inject'->>'times')::int then
           raise exception using errcode = old.input->'inject'->>'code', message = 'injected';
         end if;
         return new;
       end $$`,
      [],
    );
    await services.db.query(
      `create trigger inject before update of step on runs for each row
       when (old.status = 'running' and new.status in ('running', 'success') and old.input ? 'inject') execute function inject()`,
      [],
    );
    // Runs that were given back by crashes and drains before their first failure.
    await insertRuns(services.db, 1, injected("40P01", 3));
    for (let i = 0; i < 4; i++) {
      const [run] = (await claimRuns(services.db, "earlier", 1)).runs;
      if (!run) throw new Error("Expected a run to claim.");
      await requeueRun(services.db, run, { reason: "draining", failed: false, delayMs: 0 });
    }
    queue = await startInstance(
      testConfig(services, "queue", { outageBudgetMs, heartbeatTimeoutMs: 20_000, runsPerInstance: 40, poolSize: 20 }),
      quiet,
      fail,
    );
  });
  afterAll(async () => {
    await queue?.stop();
    await services?.[Symbol.asyncDispose]();
  });

  function injected(code: string, times: number): RunInput {
    return { steps: 1, step_ms: 0, inject: { code, times } } as RunInput;
  }
  /** The run when it has ended, with its executions but for those that ended without a failure of their own (drained, or too slow to beat here). */
  const ended = async (id: string) => {
    const run = await eventually(
      () => readRun(services.db, id),
      (now) => now !== undefined && isTerminal(now.status),
      120_000,
    );
    const { events } = (await readEvents(services.db, id, 0)) ?? { events: [] };
    const reasons = events.flatMap(({ kind, data }) => (kind === "requeue" && "reason" in data ? [data.reason] : []));
    const uncounted = reasons.filter((reason) => reason === "draining" || reason === "lease lost" || reason === "handler is dead").length;
    return { id, status: run?.status, error: run?.error, uncounted, executions: (run?.attempt ?? 0) - uncounted };
  };
  const endOf = async (input: RunInput) => {
    const [id = ""] = await insertRuns(services.db, 1, input);
    return ended(id);
  };

  it.each(connectionBroken)("tries again after %s that outlasts the statement's own retries (LG-6)", async (code) => {
    expect(await endOf(injected(code, 1))).toMatchObject({ status: "success", executions: 2 });
  });

  it.concurrent.each([
    [0, "success", 1],
    [1, "success", 2],
    [2, "success", 3],
    [3, "success", 4],
    [4, "error", 4],
    [9, "error", 4],
  ])("%i transient failures: %s in attempt %i (LG-6)", async (times, status, attempt) => {
    const ends = await Promise.all(["40001", "40P01"].map((code) => endOf(injected(code, times))));
    for (const end of ends) expect(end).toMatchObject({ status, executions: attempt });
  });

  it.concurrent("does not use up the retries by crashes and drains (LG-6)", async () => {
    const [run] = await services.db.query<{ id: string }>("select id from runs order by created_at limit 1", []);
    const end = await ended(run?.id ?? "");
    expect(end).toMatchObject({ status: "success", executions: 4 });
    expect(end.uncounted).toBeGreaterThanOrEqual(4);
  });

  it.concurrent.each(["23514", "42P01", "22003"])("never tries again after %s, which is permanent (LG-6, LG-14)", async (code) => {
    expect(await endOf(injected(code, 1))).toMatchObject({ status: "error", executions: 1, error: "injected" });
  });

  it.concurrent("ends a run whose tool fails for good in error, in the step that failed and in its first attempt (LG-6)", async () => {
    const run = await endOf({ steps: 3, step_ms: 5, fail_with: { step: 2, message: "The tool found no such file." } });
    expect(run).toMatchObject({ status: "error", executions: 1, error: "The tool found no such file." });
    const { events } = (await readEvents(services.db, run.id, 0)) ?? { events: [] };
    expect(events.slice(-3).map(({ kind }) => kind)).toEqual(["attempt", "step", "end"]);
  });
});
