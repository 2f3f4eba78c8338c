import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../store/postgres.ts";
import { eventually, noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { Fenced, fenceFormerLeaders } from "./fence.ts";
import { releaseLease, renewLease, takeLease } from "./lease.ts";
import { seatOf } from "./serve-alone.ts";
import { campaign } from "./term.ts";

describe.skipIf(noServices)("leadership (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const candidate = (name: string, instanceId: string, leaseMs = 60_000) => ({ name, instanceId, holder: instanceId, leaseMs });

  it("HA-1: one of many is elected, with a token of its own", async () => {
    const taken = await Promise.all(Array.from({ length: 12 }, (_, i) => takeLease(services.db, candidate("one", `api-${i}`))));
    expect(taken.filter((token) => token !== undefined).length).toBeLessThanOrEqual(1);
    const [leader] = await services.db.query("select instance, token from leaders where name = 'one'", []);
    // Nobody may have taken it when all found the row being placed: then the next try does.
    const token = taken.find((each) => each !== undefined) ?? (await takeLease(services.db, candidate("one", "api-0")));
    expect(token).toBeGreaterThan(0);
    expect(await takeLease(services.db, candidate("one", "api-99"))).toBeUndefined();
    expect(leader).toBeDefined();
  });

  it("HA-13: tokens increase over terms, and a former token renews and releases nothing", async () => {
    const first = (await takeLease(services.db, candidate("two", "api-1"))) ?? 0;
    await releaseLease(services.db, candidate("two", "api-1"), first);
    const second = (await takeLease(services.db, candidate("two", "api-2"))) ?? 0;
    expect(second).toBeGreaterThan(first);
    expect(await renewLease(services.db, candidate("two", "api-1"), first)).toBe(false);
    await releaseLease(services.db, candidate("two", "api-1"), first);
    expect(await takeLease(services.db, candidate("two", "api-3"))).toBeUndefined();
    expect(await renewLease(services.db, candidate("two", "api-2"), second)).toBe(true);
  });

  it("a second send of an acquisition finds its own lease", async () => {
    const first = await takeLease(services.db, candidate("three", "api-1"));
    expect(await takeLease(services.db, candidate("three", "api-1"))).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
  });

  it("HA-1: who waits takes over when the lease ends, and the former leader knows that it lost", async () => {
    const stop = new AbortController();
    const seat = { name: "four", leaseMs: 1500 };
    await using former = await campaign(services.db, { ...seat, instanceId: "api-1" }, stop.signal);
    // Its renewals find nothing from here on, as after a pause.
    await services.db.query("update leaders set token = nextval('leader_tokens'), expires_at = '-infinity' where name = 'four'", []);
    await using next = await campaign(services.db, { ...seat, instanceId: "api-2" }, stop.signal);
    expect(next.token).toBeGreaterThan(former.token);
    await eventually(
      async () => former.lost.aborted,
      (lost) => lost,
    );
    expect(next.lost.aborted).toBe(false);
  });

  it("HA-13: the successor ends every session of the former leader, and new ones are refused", async () => {
    const stop = new AbortController();
    const open = (instanceId: string) => {
      const seat = seatOf({ role: "api", instanceId, leaderLeaseMs: 60_000 });
      const db = openDatabase({ url: services.databaseUrl, instanceId, poolSize: 3, outageBudgetMs: 2000, log: quiet, admit: seat.admit });
      return { db, seat };
    };
    const former = open("active-1");
    const next = open("active-2");
    await using _former = former.db;
    await using _next = next.db;
    const term = await former.seat.take(former.db, stop.signal);
    await former.db.query("create table written (by text)", []);
    // A statement of the former leader that is on its way while it is being replaced, as after SIGCONT.
    const late = former.db.query("insert into written select 'active-1' from pg_sleep(3)", []).catch((error) => error);
    await eventually(
      () => services.db.query("select from pg_stat_activity where query like 'insert into written%' and state = 'active'", []),
      (rows) => rows.length > 0,
    );
    await services.db.query("update leaders set expires_at = '-infinity' where token = $1", [term.token]);
    await using taken = await next.seat.take(next.db, stop.signal);
    expect(taken.token).toBeGreaterThan(term.token);
    expect(await services.db.query("select from pg_stat_activity where application_name = 'active-1'", [])).toEqual([]);
    expect(await late).toBeInstanceOf(Fenced);
    await expect(former.db.query("insert into written values ('active-1')", [])).rejects.toThrow(Fenced);
    await next.db.query("insert into written values ('active-2')", []);
    expect(await services.db.query("select by from written", [])).toEqual([{ by: "active-2" }]);
  });

  it("HA-13: who was not fenced by a successor that died is fenced by the one after", async () => {
    const former = new pg.Client({ connectionString: services.databaseUrl, application_name: "gone-1" });
    former.on("error", () => {});
    await former.connect();
    const ended = new Promise((resolve) => former.once("end", resolve));
    const first = (await takeLease(services.db, candidate("five", "gone-1"))) ?? 0;
    await releaseLease(services.db, candidate("five", "gone-1"), first);
    const second = (await takeLease(services.db, candidate("five", "gone-2"))) ?? 0;
    await releaseLease(services.db, candidate("five", "gone-2"), second);
    const third = (await takeLease(services.db, candidate("five", "here"))) ?? 0;
    await fenceFormerLeaders(services.db, "five", third);
    await ended;
    expect(await services.db.query("select unfenced from leaders where name = 'five'", [])).toEqual([{ unfenced: [] }]);
  });
});
