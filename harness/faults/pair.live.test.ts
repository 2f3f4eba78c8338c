/** A standby that is promoted by hand, once, on real servers: it follows, is left behind, and catches up from the archive. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../base/clock.ts";
import type { Stack } from "../drivers/stack.ts";
import { loadFault } from "../run/catalogue.ts";
import { idle, openLiveStack, project } from "./testing/live-stack.ts";

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  stack = await openLiveStack(resources, { name: "pair", topology: { api: 1, queue: 1 }, layout: "standby", proxied: ["*->postgres"] });
}, 120_000);
afterAll(() => resources.disposeAsync());

test("leave-a-standby-behind: the archive has what the primary has removed", async () => {
  const client = await stack.postgres.connect();
  await client.query("create table kept (n serial primary key)");
  const { ready, prepare } = await loadFault(project, "leave-a-standby-behind");
  const context = { stack, ledger: idle, on: "pg-standby", options: { from: "kept" } };
  await until("The standby was expected to follow", async () => ready?.(context), { withinMs: 60_000, everyMs: 50 });
  let over = false;
  const writing = (async () => {
    while (!over) await client.query("insert into kept default values");
  })();
  const strike = prepare(context);
  try {
    await strike?.inject();
  } finally {
    over = true;
    await writing;
    await client.end();
  }
  expect(await strike?.bites()).toMatch(/no longer had \w{24} when pg-standby came back/);
  expect(strike?.numbers?.()).toMatchObject({ caughtUp: 1, rowsMissing: 0, rowsInvented: 0 });
  expect(strike?.numbers?.().restored).toBeGreaterThan(0);
  expect(strike?.numbers?.().wroteMeanwhile).toBeGreaterThan(0);
}, 150_000);

test("promote-the-standby: commits waited for it, it takes writes, the ways in lead there, and the old primary follows", async () => {
  const [pair, { ready, prepare }] = [stack.pair, await loadFault(project, "promote-the-standby")];
  const context = { stack, ledger: idle, on: "postgres", options: { cutMs: 300, waitMs: 100 } };
  await until("The standby was expected to follow", async () => ready?.(context), { withinMs: 60_000, everyMs: 50 });
  await expect(pair?.promote()).rejects.toThrow("two would take writes");
  const client = await stack.postgres.connect();
  await client.query("create table acknowledged (n int primary key)");
  let acknowledged = 0;
  const writing = (async () => {
    for (;;) {
      await client.query("insert into acknowledged values ($1)", [acknowledged + 1]);
      acknowledged++;
    }
  })().catch(() => {});
  const strike = prepare(context);
  await strike?.inject();
  await writing;
  const seen = await until("The new primary was expected to be reached", async () => strike?.bites(), { withinMs: 5000 });
  expect(seen).toContain("pg-primary is gone");
  await expect(pair?.primary.connect()).rejects.toThrow("ECONNREFUSED");
  const promoted = await stack.postgres.connect();
  const { rows } = await promoted.query("select pg_is_in_recovery() as follows, max(n) as last, count(*)::int as rows from acknowledged");
  expect(rows[0].follows).toBe(false);
  expect(rows[0].rows).toBeGreaterThanOrEqual(acknowledged);
  expect(rows[0].last).toBe(rows[0].rows);
  expect(acknowledged).toBeGreaterThan(0);

  await strike?.heal();
  await until("The old primary was expected to follow", async () => strike?.healed(), { withinMs: 30_000, everyMs: 50 });
  const follower = await pair?.primary.connect();
  await expect(follower?.query("create table mine ()")).rejects.toThrow("read-only");
  await Promise.all([promoted.end(), follower?.end()]);
  // Nobody restarted the instances.
  await until(
    "Every instance was expected to be ready",
    async () => (await Promise.all(stack.instances().map((one) => one.isReady(1000)))).every(Boolean) || undefined,
    {
      withinMs: 10_000,
    },
  );
}, 150_000);
