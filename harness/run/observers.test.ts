/** What the harness reads of Postgres and Redis while an experiment runs, against real ones. */
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startClock, until } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { Beat, ResourceWrite, Transition } from "../core/records.ts";
import type { Target } from "../core/target.ts";
import type { Stack } from "../drivers/stack.ts";
import { startAuditCopy } from "./audit.ts";
import { openPostgresGauges, readRedisGauges } from "./dependency-gauges.ts";

const { TEST_DATABASE_URL: url = "", TEST_REDIS_URL: redisUrl = "" } = process.env;

function kept<T>(): Journal<T> & { readonly all: T[] } {
  const all: T[] = [];
  return { all, write: (record) => void all.push(record), assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} };
}

describe.skipIf(url === "" || redisUrl === "")("observers (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  const schema = `observed_${Math.random().toString(36).slice(2)}`;
  const connect = async (name: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, application_name: name });
    client.on("error", () => {}); // One of the tests ends sessions.
    await client.connect();
    return client;
  };
  const observe = {
    transitions: `select seq, extract(epoch from at) * 1000 as at_ms, 'r' as subject, null as old_status, 'pending' as new_status, 0 as attempt, '' as handler, '' as by from ${schema}.trail order by seq`,
    writes: `select seq, 0 as at_ms, 'a' as subject, 1 as token, 1 as version, '' as by from ${schema}.trail where false order by seq`,
    backlog: "select 3 as open, 120.5::float8 as oldest_ms",
    sessions: `application_name like '${schema}%'`,
  };
  const target = { observe } as unknown as Target;
  let connections = 0;
  const stack = {
    postgres: {
      isRunning: () => true,
      connect: () => {
        connections++;
        return connect("the harness");
      },
    },
    redis: {
      async command(name: string) {
        const client = new Redis(redisUrl, { lazyConnect: true });
        try {
          return await client.call(name);
        } finally {
          client.disconnect();
        }
      },
    },
  } as unknown as Stack;
  let db: pg.Client;
  beforeAll(async () => {
    db = await connect("the test");
    await db.query(`create schema ${schema}`);
    await db.query(
      `create table ${schema}.trail (seq bigint generated always as identity primary key, at timestamptz not null default clock_timestamp())`,
    );
  });
  afterAll(async () => {
    await db.query(`drop schema ${schema} cascade`);
    await db.end();
  });
  const insert = `insert into ${schema}.trail default values`;

  test("the copy of the trail has every row once, and says it is whole only up to the oldest transaction that still writes", async () => {
    const clock = startClock();
    const { rows } = await db.query("select extract(epoch from clock_timestamp()) * 1000 as now_ms");
    const start = { offsetMs: clock.now() - Number(rows[0].now_ms), deltaMs: 1 };
    const transitions = kept<Transition | Beat>();
    const late = await connect("late");
    await late.query("begin");
    const begun = clock.now();
    await late.query(insert);
    await using _copy = startAuditCopy({ stack, target, clock, start, transitions, writes: kept<ResourceWrite | Beat>() });
    const seqs = (): number[] => transitions.all.flatMap((line) => ("seq" in line ? [line.seq] : []));
    const beats = (): Beat[] => transitions.all.filter((line): line is Beat => "type" in line);
    await db.query(insert);
    await until("The copy was expected to have the committed row", () => (seqs().includes(2) && beats().length >= 2 ? true : undefined), {
      withinMs: 15_000,
    });
    // Half of the bracket and a transaction's way to its first statement.
    for (const { time } of beats()) expect(time).toBeLessThan(begun + 1000);
    expect(seqs()).toEqual([2]);
    await late.query("commit");
    await late.end();
    await db.query(insert);
    const committed = clock.now();
    await until("The copy was expected to be whole again", () => ((beats().at(-1)?.time ?? 0) > committed ? true : undefined), { withinMs: 15_000 });
    expect(seqs().toSorted()).toEqual([1, 2, 3]);
  }, 40_000);

  test("sessions are told by owner, with the transaction that is open longest; an ended connection is made anew", async () => {
    const one = await connect(`${schema}-1`);
    const two = await connect(`${schema}-2`);
    await one.query("begin");
    await one.query("select 1");
    await using gauges = openPostgresGauges(stack, target);
    const read = async () => new Map((await gauges.read()).map(({ source, values }) => [source, values]));
    const first = await read();
    expect(first.get("backlog")).toEqual({ open: 3, oldestMs: 120.5 });
    expect(first.get(`postgres ${schema}-1`)).toMatchObject({ connections: 1, idleInTransaction: 1, transactionPid: expect.any(Number) });
    expect(first.get(`postgres ${schema}-2`)).toEqual({
      connections: 1,
      active: 0,
      idle: 1,
      idleInTransaction: 0,
      oldestSessionMs: expect.any(Number),
    });
    expect(first.get("postgres")?.connections).toBeGreaterThanOrEqual(4);
    const second = await read();
    const [before, after] = [first, second].map((values) => values.get(`postgres ${schema}-1`));
    expect(after?.transactionBeganMs).toBe(before?.transactionBeganMs);
    expect(after?.transactionAgeMs).toBeGreaterThan(before?.transactionAgeMs ?? Number.POSITIVE_INFINITY);
    // Somebody who was there between two looks only.
    const brief = await connect(`${schema}-3`);
    await brief.query("select 1");
    await brief.end();
    await expect
      .poll(async () => (await read()).get("postgres")?.sessionsBegun)
      .toBeGreaterThan(second.get("postgres")?.sessionsBegun ?? Number.POSITIVE_INFINITY);

    const made = connections;
    await db.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'the harness'");
    await until("The gauges were expected to come back", async () => ((await read()).has("postgres") ? true : undefined), { withinMs: 10_000 });
    expect(connections).toBeGreaterThan(made);
    await Promise.all([one.end(), two.end()]);
  });

  test("a lock that a session holds outside transactions is told with the time since its last statement", async () => {
    const holder = await connect(`${schema}-4`);
    const read = async () => {
      await using gauges = openPostgresGauges(stack, target);
      return (await gauges.read()).find(({ source }) => source === `postgres ${schema}-4`)?.values;
    };
    await holder.query("select pg_advisory_lock(hashtext($1))", [schema]);
    const [first, second] = [await read(), await read()];
    expect(first?.lockPid).toEqual(expect.any(Number));
    expect(second?.lockHeldMs).toBeGreaterThan(first?.lockHeldMs ?? Number.POSITIVE_INFINITY);
    const askedAt = performance.now();
    await holder.query("select 1");
    const third = await read();
    expect(third?.lockHeldMs).toBeLessThanOrEqual(performance.now() - askedAt);
    await holder.query("select pg_advisory_unlock(hashtext($1))", [schema]);
    expect(await read()).not.toHaveProperty("lockPid");
    await holder.end();
  });

  test("an outsider's lock on what the backlog is read from does not hide the sessions", async () => {
    const holder = await connect(`${schema}-3`);
    await holder.query(`begin; lock table ${schema}.trail in access exclusive mode`);
    const read = async (of: Target) => {
      await using gauges = openPostgresGauges(stack, of);
      return (await gauges.read()).map(({ source }) => source);
    };
    const locked: Target = {
      ...target,
      observe: { ...target.observe, backlog: `select count(*)::int as open, 0 as oldest_ms from ${schema}.trail` },
    };
    expect(await read(locked)).toEqual(expect.arrayContaining([`postgres ${schema}-3`, "postgres"]));
    expect(await read(locked)).not.toContain("backlog");
    await holder.query("rollback");
    expect(await read(locked)).toContain("backlog");
    await holder.end();
  });

  test("Redis tells its memory, evictions, clients and rate; nothing while it is away", async () => {
    const [read] = await readRedisGauges(stack);
    expect(read?.source).toBe("redis");
    expect(Object.keys(read?.values ?? {}).sort()).toEqual(["connectedClients", "evictedKeys", "opsPerSecond", "usedMemoryBytes"]);
    expect(read?.values.usedMemoryBytes).toBeGreaterThan(100_000);
    const away = { redis: { command: () => Promise.reject(new Error("refused")) } } as unknown as Stack;
    expect(await readRedisGauges(away)).toEqual([]);
  });
});
