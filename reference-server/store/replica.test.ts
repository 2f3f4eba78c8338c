import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { nowhere, openReplica, positionPattern, reaches } from "./replica.ts";

describe("HA-16: a position in the log", () => {
  it.each([
    ["1-0/10", "1-0/10", true],
    ["1-0/11", "1-0/10", true],
    ["1-0/F", "1-0/10", false],
    ["1-1/0", "1-0/FFFFFFFF", true],
    ["1-0/FFFFFFFF", "1-1/0", false],
    // Another primary's log, however far it goes.
    ["1-9/0", "2-0/10", false],
    ["3-9/0", "2-0/10", false],
    ["1-0/10", nowhere, true],
  ])("a replica at %s has what a reader at %s has seen: %s", (own, seen, answer) => expect(reaches(own, seen)).toBe(answer));

  it("is ordered as Postgres orders it, on one timeline", () => {
    const place = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
    const text = (at: bigint) => `7-${(at >> 32n).toString(16).toUpperCase()}/${(at & 0xffffffffn).toString(16).toUpperCase()}`;
    fc.assert(
      fc.property(place, place, (own, seen) => {
        expect(text(own)).toMatch(new RegExp(positionPattern));
        expect(reaches(text(own), text(seen))).toBe(own >= seen);
      }),
    );
  });
});

describe.skipIf(noServices)("HA-16: reads near by (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const open = (url: string | undefined) => openReplica({ url, db: services.db, instanceId: "near", poolSize: 2, poolTimeoutMs: 1000, log: quiet });
  const sql = "select 7 as n";

  it("the primary tells of a position that grows with what is written", async () => {
    await using replica = open(undefined);
    const before = await replica.position();
    await services.db.query("create table written_near (n int)", []);
    const after = await replica.position();
    expect(reaches(after, before)).toBe(true);
    expect(reaches(before, after)).toBe(false);
  });

  it.each([
    ["there is none", () => undefined],
    ["nobody answers there", () => "postgres://nobody@127.0.0.1:9/x"],
    ["it follows nobody", () => services.databaseUrl],
  ])("the primary answers where %s", async (_when, url) => {
    await using replica = open(url());
    const read = await replica.read(sql, [], nowhere);
    expect(read).toMatchObject({ rows: [{ n: 7 }], from: "primary" });
    expect(reaches(read.position, await replica.position())).toBe(read.position === (await replica.position()));
  });

  it("a position that nobody could be asked for is one that no replica reaches", async () => {
    const away = { ...services.db, once: () => Promise.reject(new Error("away")) };
    await using replica = openReplica({ url: undefined, db: away, instanceId: "near", poolSize: 2, poolTimeoutMs: 1000, log: quiet });
    const position = await replica.position();
    expect(position).toMatch(new RegExp(positionPattern));
    expect(reaches("0-FFFFFFFF/FFFFFFFE", position)).toBe(false);
    expect(reaches("1-FFFFFFFF/FFFFFFFF", position)).toBe(false);
  });
});
