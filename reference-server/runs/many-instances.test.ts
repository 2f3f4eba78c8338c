import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, insertRuns, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};
const runsPerInstance = 10;
const poolSize = 5;

describe.skipIf(noServices)("several instances on one database (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  const instances: Instance[] = [];
  beforeAll(async () => {
    services = await startServices();
  });
  afterEach(async () => {
    await Promise.all(instances.splice(0).map((instance) => instance.stop()));
    await services.db.query("delete from runs", []);
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const start = async (role: "api" | "queue", instanceId: string): Promise<void> => {
    const instance = await startInstance(testConfig(services, role, { instanceId, runsPerInstance, poolSize }), quiet, fail);
    instances.push(instance);
    await instance.serving;
  };
  const handlers = async (): Promise<number[]> => {
    const rows = await services.db.query<{ runs: number }>(
      "select count(*)::int as runs from runs where status = 'running' group by handler order by handler",
      [],
    );
    return rows.map(({ runs }) => runs);
  };

  it("LG-4: each works on as many runs as it may and on no more, so every further one takes as many again", async () => {
    await insertRuns(services.db, 3 * runsPerInstance + 5, { steps: 1, step_ms: 60_000 });
    for (const expected of [[10], [10, 10], [10, 10, 10]]) {
      await start("queue", `queue-${expected.length}`);
      await eventually(handlers, (each) => each.join() === expected.join());
    }
    // Longer than an instance goes without a look at the queue.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(await handlers()).toEqual([10, 10, 10]);
    expect(await services.db.query("select id from runs where status = 'pending'", [])).toHaveLength(5);
  });

  it("LG-7, HA-5: while runs last for seconds, no transaction spans one, no session idles in one, and nobody has more sessions than its pool", async () => {
    await Promise.all([start("queue", "queue-1"), start("queue", "queue-2"), start("api", "api-1")]);
    const long = await insertRuns(services.db, 20, { steps: 3, step_ms: 1200 });
    const names = ["queue-1", "queue-2", "api-1"];
    interface Session extends Record<string, unknown> {
      readonly name: string;
      readonly transaction: string | null;
      readonly age_ms: number;
    }
    const sample = () =>
      services.db.query<Session>(
        `select application_name as name, pid || ' ' || xact_start as transaction, coalesce(extract(epoch from clock_timestamp() - xact_start) * 1000, 0)::float8 as age_ms
         from pg_stat_activity where datname = current_database() and application_name = any($1)`,
        [names],
      );
    const done = async () => (await services.db.query("select id from runs where id = any($1::uuid[]) and status = 'success'", [long])).length;
    const kept = new Set<string>();
    let before = new Set<string | null>();
    let samples = 0;
    let most = 0;
    for (; (await done()) < long.length; samples++) {
      const sessions = await sample();
      for (const { transaction, age_ms } of sessions) if (transaction && before.has(transaction) && age_ms > 1000) kept.add(transaction);
      before = new Set(sessions.map(({ transaction }) => transaction));
      for (const name of names) most = Math.max(most, sessions.filter((session) => session.name === name).length);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(samples).toBeGreaterThan(20);
    expect([...kept]).toEqual([]);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(poolSize);
  });
});
