import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toProblem } from "../problem.ts";
import { eventually, noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { openDatabase } from "./postgres.ts";
import { PoolExhausted } from "./transient.ts";

describe.skipIf(noServices)("the pool (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const open = (instanceId: string, over: Partial<Parameters<typeof openDatabase>[0]> = {}) =>
    openDatabase({ url: services.databaseUrl, instanceId, poolSize: 2, outageBudgetMs: 10_000, log: quiet, ...over });
  const truth = async (name: string): Promise<{ active: number; all: number }> => {
    const [row] = await services.db.query<{ active: number; all: number }>(
      `select count(*) filter (where state = 'active')::int as active, count(*)::int as all from pg_stat_activity where application_name = $1`,
      [name],
    );
    return row ?? { active: 0, all: 0 };
  };

  it("HA-5 HA-14: demand beyond it opens no more than its limit, and its gauges are what Postgres counts", async () => {
    await using db = open("pool-1", { poolSize: 2, poolOverflow: 1, poolTimeoutMs: 10_000 });
    const lock = 77_001;
    // Each statement waits for a lock that this test holds: nothing depends on how long anything takes.
    const holder = await holdLock(lock);
    const work = Array.from({ length: 8 }, () => db.query("select pg_advisory_xact_lock_shared($1), pg_sleep(0)", [lock]));
    await eventually(
      () => truth("pool-1"),
      ({ active }) => active === 3,
    );
    expect(db.gauges()).toMatchObject({ checkedOut: 3, idle: 0, overflow: 1, waiting: 5, limit: 3, breakerOpen: false });
    await holder[Symbol.asyncDispose]();
    await Promise.all(work);
    // What was opened beyond the size is closed as soon as nobody waits.
    await eventually(
      () => truth("pool-1"),
      ({ all }) => all === 2,
    );
    expect(db.gauges()).toMatchObject({ checkedOut: 0, idle: 2, overflow: 0, waiting: 0 });
  });

  it("HA-5: a connection that is there is not closed because others are on their way", async () => {
    await using db = open("pool-7", { poolSize: 2, poolOverflow: 6 });
    const pids = async (): Promise<readonly number[]> => {
      const rows = await services.db.query<{ pid: number }>("select pid from pg_stat_activity where application_name = $1", ["pool-7"]);
      return rows.map(({ pid }) => pid);
    };
    await db.query("select 1", []);
    const [first] = await pids();
    await Promise.all(Array.from({ length: 8 }, () => db.query("select 1", [])));
    const left = await eventually(pids, (all) => all.length === 2);
    expect(left).toContain(first);
  });

  it("HA-5: who gets no connection in time is told so, while others get their answers", async () => {
    await using db = open("pool-2", { poolSize: 2, poolTimeoutMs: 400 });
    const lock = 77_002;
    await using _holder = await holdLock(lock);
    const stuck = db.query("select pg_advisory_xact_lock_shared($1)", [lock]).catch((error) => error);
    // One connection goes on answering, so this is no outage; the other one is kept.
    const busy = new AbortController();
    const going = Promise.all(
      Array.from({ length: 20 }, async () => {
        while (!busy.signal.aborted) await db.query("select pg_sleep(0.1)", []).catch(() => {});
      }),
    );
    const refused = await eventually(
      () => db.query("select 1", []).catch((error) => error),
      (answer) => answer instanceof PoolExhausted,
      15_000,
    );
    expect(String(refused)).toContain("400 ms");
    busy.abort();
    await going;
    await _holder[Symbol.asyncDispose]();
    await stuck;
  });

  it("the line for a connection has an end: who finds it full is told at once, and nobody in it is forgotten", async () => {
    await using db = open("pool-4", { poolSize: 1, poolTimeoutMs: 60_000, outageBudgetMs: 60_000 });
    const lock = 77_003;
    const holder = await holdLock(lock);
    const stuck = db.query("select pg_advisory_xact_lock_shared($1), pg_sleep(0)", [lock]);
    await eventually(
      () => truth("pool-4"),
      ({ active }) => active === 1,
    );
    const line = Array.from({ length: 10_000 }, (_, n) => db.query("select $1::int as n", [n]));
    await eventually(
      async () => db.gauges().waiting,
      (waiting) => waiting === 10_000,
    );
    const refused = await Promise.allSettled(Array.from({ length: 20 }, () => db.query("select 1", [])));
    for (const each of refused) expect(each).toMatchObject({ status: "rejected", reason: expect.any(PoolExhausted) });
    const [first] = refused;
    expect(toProblem(first?.status === "rejected" && first.reason)).toMatchObject({ status: 503, retryAfterSeconds: 1 });
    await holder[Symbol.asyncDispose]();
    await stuck;
    expect((await Promise.all(line)).flat()).toEqual(Array.from({ length: 10_000 }, (_, n) => ({ n })));
  }, 90_000);

  it("HA-5: a connection is replaced when its time is over", async () => {
    await using db = open("pool-3", { poolSize: 1, poolRecycleMs: 300 });
    const pid = async () => (await db.query<{ pid: number }>("select pg_backend_pid() as pid", []))[0]?.pid;
    const first = await pid();
    await eventually(pid, (now) => now !== first);
    await eventually(
      () => truth("pool-3"),
      ({ all }) => all <= 1,
    );
  });

  async function holdLock(lock: number): Promise<AsyncDisposable> {
    const done = openDatabase({ url: services.databaseUrl, instanceId: "holder", poolSize: 1, outageBudgetMs: 1000, log: quiet });
    await done.query("select pg_advisory_lock($1)", [lock]);
    return done;
  }
});
