import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { migrate } from "./migrate.ts";
import { type Database, openDatabase } from "./postgres.ts";
import { isTransient, Unavailable } from "./transient.ts";

describe.skipIf(noServices)("database (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let victim: Database;
  beforeAll(async () => {
    services = await startServices();
    victim = openDatabase({ url: services.databaseUrl, instanceId: "victim", poolSize: 4, outageBudgetMs: 3000, log: quiet });
  });
  afterAll(async () => {
    await victim?.[Symbol.asyncDispose]();
    await services?.[Symbol.asyncDispose]();
  });
  const killVictims = () => services.db.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'", []);

  it("survives the death of idle connections", async () => {
    await Promise.all([1, 2, 3, 4].map(() => victim.query("select pg_sleep(0.02)", [])));
    await killVictims();
    expect(await Promise.all([1, 2, 3, 4].map((n) => victim.query("select $1::int as n", [n])))).toEqual([1, 2, 3, 4].map((n) => [{ n }]));
  });

  it("sends a statement again when its connection is killed under it", async () => {
    const answer = victim.query("select pg_sleep(0.3), 1 as n", []);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await killVictims();
    expect(await answer).toMatchObject([{ n: 1 }]);
  });

  it("HA-5: a statement that was given up leaves no session at work beside the one that takes its place", async () => {
    const atWork = async (): Promise<number> => {
      const sql = "select 1 as n from pg_stat_activity where application_name = 'victim' and query like 'select pg_sleep(4)%' and state = 'active'";
      return (await services.db.query(sql, [])).length;
    };
    const answers = Promise.allSettled([1, 2, 3].map(() => victim.once("select pg_sleep(4)", [], 400)));
    await expect.poll(atWork, { timeout: 2000 }).toBe(3);
    expect((await answers).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    await expect.poll(atWork, { timeout: 1500 }).toBe(0);
  });

  it("LG-12, HA-4: leaves a server that takes no writes any more, as a primary does once another was promoted", async () => {
    await services.db.query("create table led (n int)", []);
    const [{ name = "" } = {}] = await services.db.query<{ name: string }>("select current_database() as name", []);
    await services.db.query(`alter database "${name}" set default_transaction_read_only = on`, []);
    await killVictims();
    const written = victim.query("insert into led values (1) returning n", []);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await services.db.query(`alter database "${name}" reset default_transaction_read_only`, []);
    expect(await written).toEqual([{ n: 1 }]);
  });

  it("HA-3: acknowledges nothing before it is durable: no session of the pool lowers what Postgres is set to", async () => {
    const sql = `select name, setting from pg_settings where name in ('synchronous_commit', 'fsync', 'full_page_writes') order by name`;
    const sessions = await Promise.all([1, 2, 3, 4].map(() => victim.query(`${sql} `, [])));
    const durable = ["fsync", "full_page_writes", "synchronous_commit"].map((name) => ({ name, setting: "on" }));
    for (const settings of sessions) expect(settings).toEqual(durable);
  });

  it("does not repeat what is wrong", async () => {
    await expect(victim.query("select * from nowhere", [])).rejects.toMatchObject({ code: "42P01" });
    expect(victim.gauges().waiting).toBe(0);
  });

  it("prepares a statement again whose result a migration has changed", async () => {
    await services.db.query("create table changing (n int)", []);
    await services.db.query("insert into changing values (1)", []);
    const read = () => Promise.all([1, 2, 3, 4].map(() => victim.query("select * from changing", [])));
    expect(await read()).toEqual(Array(4).fill([{ n: 1 }]));
    await services.db.query("alter table changing alter n type text", []);
    expect(await read()).toEqual(Array(4).fill([{ n: "1" }]));
  });

  it("HS-20: migrates once when many instances start at once on an empty database", async () => {
    await services.db.query("drop schema public cascade", []);
    await services.db.query("create schema public", []);
    await Promise.all([1, 2, 3, 4].map((n) => migrate(services.databaseUrl, `start-${n}`, quiet, AbortSignal.timeout(10_000))));
    const files = (await readdir(new URL("../migrations/", import.meta.url))).sort();
    expect(await services.db.query("select name from schema_migrations order by name", [])).toEqual(files.map((name) => ({ name })));
  });
});

describe("a database that is away", () => {
  const open = (port: number, outageBudgetMs: number) =>
    openDatabase({ url: `postgres://nobody@127.0.0.1:${port}/x`, instanceId: "lost", poolSize: 2, outageBudgetMs, log: quiet });

  it("is reported when the budget is over, not before and not much later", async () => {
    await using db = open(9, 400);
    const startedMs = performance.now();
    const errors = await Promise.all([1, 2, 3, 4, 5].map(() => db.query("select 1", []).catch((error) => error)));
    expect(errors.every((error) => error instanceof Unavailable && isTransient(error))).toBe(true);
    expect(performance.now() - startedMs).toBeGreaterThan(350);
    expect(performance.now() - startedMs).toBeLessThan(1400);
  });

  it("is reported in time too when it accepts connections and says nothing", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const address = silent.address();
    await using db = open(typeof address === "object" && address ? address.port : 0, 500);
    const startedMs = performance.now();
    await expect(db.query("select 1", [])).rejects.toThrow(Unavailable);
    expect(performance.now() - startedMs).toBeLessThan(1500);
    silent.close();
  });
});
