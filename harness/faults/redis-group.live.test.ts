/** Every fault of a Redis that fails over, once, on real servers and sentinels: another is promoted, instances follow it, and the old one copies it in the end. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../base/clock.ts";
import type { Stack } from "../drivers/stack.ts";
import { loadFault } from "../run/catalogue.ts";
import { idle, openLiveStack, project } from "./testing/live-stack.ts";
import { groupOf } from "./tools/redis-group.ts";

const followsWithinMs = 10_000;

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  stack = await openLiveStack(resources, { name: "group", topology: { api: 1, queue: 1 }, layout: "sentinel" });
}, 120_000);
afterAll(() => resources.disposeAsync());

/** Both connections of both instances: commands and messages. */
async function followed(): Promise<true | undefined> {
  const leader = await groupOf(stack).master();
  const clients = String(await leader?.command("CLIENT", "LIST").catch(() => ""));
  return stack.instances().every(({ name }) => clients.includes(`name=${name} `) && clients.includes(`name=${name}:listen`)) || undefined;
}

test.each(["kill-redis-leader", "hand-over-redis", "pause-redis-leader"])("%s", async (name) => {
  const { ready, prepare } = await loadFault(project, name);
  const context = { stack, ledger: idle, on: "redis", options: {} };
  await until(`${name} was expected to be ready`, async () => ready?.(context), { withinMs: 60_000, everyMs: 50 });
  const led = (await groupOf(stack).master())?.name;
  const prepared = prepare(context);
  if (!prepared) throw new Error(`${name} was expected to find a victim.`);
  try {
    await prepared.inject();
    expect(await until(`${name} was expected to bite`, prepared.bites, { withinMs: 10_000 })).toMatch(
      new RegExp(`^redis-\\d leads in place of ${led}(, which goes on as if it led)?$`),
    );
    await until("Instances were expected to follow the new server", followed, { withinMs: followsWithinMs });
  } finally {
    await prepared.heal();
  }
  expect(await until(`${name} was expected to heal`, prepared.healed, { withinMs: 60_000, everyMs: 100 })).toContain("2 servers copy it");
});
