import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { startStandby } from "../testing/standby.ts";
import { nowhere, openReplica, type Replica, reaches } from "./replica.ts";

/** So long that what was written just now is not there yet, however busy the machine is. */
const behindMs = 5000;

describe.skipIf(noServices)("HA-16: a replica that is behind (needs TEST_DATABASE_URL and TEST_REDIS_URL, and pg_basebackup)", () => {
  let services: Services;
  let standby: Awaited<ReturnType<typeof startStandby>>;
  let replica: Replica | undefined;
  beforeAll(async () => {
    services = await startServices();
    await services.db.query("create table seen (n int not null)", []);
    standby = await startStandby(services.databaseUrl, behindMs);
    if (standby) replica = openReplica({ url: standby.url, db: services.db, instanceId: "near", poolSize: 2, poolTimeoutMs: 1000, log: quiet });
  }, 120_000);
  afterAll(async () => {
    await replica?.[Symbol.asyncDispose]();
    await standby?.[Symbol.asyncDispose]();
    await services?.[Symbol.asyncDispose]();
  });
  const write = (n: number) => services.db.query("insert into seen values ($1)", [n]);
  const sql = "select coalesce(max(n), 0)::int as n from seen";

  it("shows who has seen nothing what was there before, and who has written what he wrote: that the primary answers, until the replica has it", async (context) => {
    const near = replica;
    if (!near) return context.skip();
    await write(1);
    const written = await near.position();
    const stale = await near.read<{ n: number }>(sql, [], nowhere);
    expect(stale).toMatchObject({ rows: [{ n: 0 }], from: "replica" });
    expect(reaches(stale.position, written)).toBe(false);
    expect(await near.read(sql, [], written)).toMatchObject({ rows: [{ n: 1 }], from: "primary" });
    const later = await eventually(
      () => near.read<{ n: number }>(sql, [], written),
      ({ from }) => from === "replica",
      4 * behindMs,
    );
    expect(later.rows).toEqual([{ n: 1 }]);
    expect(reaches(later.position, written)).toBe(true);
  }, 60_000);

  it("never goes back: what an instance without a replica has shown, one with a replica that is behind shows too", async (context) => {
    const near = replica;
    if (!near) return context.skip();
    await using far = openReplica({ url: undefined, db: services.db, instanceId: "far", poolSize: 2, poolTimeoutMs: 1000, log: quiet });
    let seen = nowhere;
    let highest = 0;
    let behind = 0;
    for (let n = 2; n < 20; n++) {
      await write(n);
      for (const via of [far, near, near]) {
        const read = await via.read<{ n: number }>(sql, [], seen);
        const [{ n: shown = 0 } = {}] = read.rows;
        expect(shown).toBeGreaterThanOrEqual(highest);
        highest = shown;
        seen = read.position;
      }
      const [unbound] = (await near.read<{ n: number }>(sql, [], nowhere)).rows;
      if ((unbound?.n ?? 0) < highest) behind += 1;
    }
    expect(highest).toBe(19);
    // Who does not say what he has seen would have gone back.
    expect(behind).toBeGreaterThan(0);
  }, 60_000);
});
