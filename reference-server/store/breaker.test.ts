import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { openWay } from "../testing/way.ts";
import { openDatabase } from "./postgres.ts";
import { Unavailable } from "./transient.ts";

describe.skipIf(noServices)("LG-11 a database that stays away (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const timed = async (work: () => Promise<unknown>) => {
    const startedMs = performance.now();
    const answer = await work().catch((error) => error);
    return { answer, ms: performance.now() - startedMs };
  };

  it("is waited for within the budget, then refused at once, and used again when it is back", async () => {
    await using way = await openWay(services.databaseUrl);
    await using db = openDatabase({ url: way.url, instanceId: "cut", poolSize: 3, outageBudgetMs: 1500, log: quiet });
    const ask = () => timed(() => db.query("select 1 as n", []));
    expect((await ask()).answer).toEqual([{ n: 1 }]);
    await way.cut();
    const first = await ask();
    expect(first.answer).toBeInstanceOf(Unavailable);
    expect(first.ms).toBeGreaterThan(1300);
    await eventually(
      async () => db.gauges().breakerOpen,
      (open) => open,
    );
    const later = await Promise.all(Array.from({ length: 50 }, ask));
    expect(later.every(({ answer }) => answer instanceof Unavailable)).toBe(true);
    expect(Math.max(...later.map(({ ms }) => ms))).toBeLessThan(500);
    expect((await timed(() => db.once("select 1", []))).ms).toBeLessThan(500);
    expect(db.answeredWithin(60_000)).toBe(false);
    await way.mend();
    await eventually(
      async () => (await ask()).answer,
      (answer) => Array.isArray(answer),
    );
    expect(db.gauges().breakerOpen).toBe(false);
  });

  it("LG-10: an outage shorter than the budget is absorbed, however many wait it out", async () => {
    await using way = await openWay(services.databaseUrl);
    await using db = openDatabase({ url: way.url, instanceId: "short", poolSize: 3, outageBudgetMs: 15_000, log: quiet });
    await db.query("select 1", []);
    await way.cut();
    const waiting = Promise.all(Array.from({ length: 200 }, (_, n) => db.query("select $1::int as n", [n])));
    await eventually(
      () => db.once("select 1", []).catch((error) => error),
      (answer) => answer instanceof Error,
    );
    await way.mend();
    expect(await waiting).toEqual(Array.from({ length: 200 }, (_, n) => [{ n }]));
  });

  it("is found out too when connections stay open and nothing is answered", async () => {
    await using way = await openWay(services.databaseUrl);
    await using db = openDatabase({ url: way.url, instanceId: "silent", poolSize: 3, outageBudgetMs: 1500, log: quiet });
    await db.query("select 1", []);
    way.silence();
    const first = await timed(() => db.query("select 1", []));
    expect(first.answer).toBeInstanceOf(Unavailable);
    await eventually(
      async () => db.gauges().breakerOpen,
      (open) => open,
    );
    expect((await timed(() => db.query("select 1", []))).ms).toBeLessThan(500);
  });
});
