/** A standby that is promoted by hand, once, on real servers: it follows, is left behind, and catches up from the archive. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../base/clock.ts";
import type { Stack } from "../drivers/stack.ts";
import { loadFault } from "../run/catalogue.ts";
import { idle, openLiveStack, project } from "./testing/live-stack.ts";

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  stack = await openLiveStack(resources, { name: "pair", topology: { api: 1, queue: 1 }, layout: "standby" });
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
