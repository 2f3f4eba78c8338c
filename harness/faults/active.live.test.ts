/** The topology `passive` and its faults, once for each role: one of each serves, another takes its place, who wakes up ends itself, and the receiver is told. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startClock, until } from "../base/clock.ts";
import type { Notice } from "../core/records.ts";
import type { Stack } from "../drivers/stack.ts";
import { loadFault, loadTarget } from "../run/catalogue.ts";
import { openNotices } from "../run/notices.ts";
import { idle, journalTo, openLiveStack, project } from "./testing/live-stack.ts";

const heard: Notice[] = [];
const taken = (): readonly (readonly string[])[] => heard.filter(({ answered }) => answered === 204).map(({ from, to }) => [from, to]);

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  const target = await loadTarget(project, "reference");
  if (!target.passive) throw new Error("The reference server was expected to say how one alone of its instances serves.");
  const told = journalTo<Notice>((notice) => heard.push(notice));
  const { url: notices } = resources.use(await openNotices(startClock(), target.passive, told));
  stack = await openLiveStack(resources, { name: "passive", topology: { api: 2, queue: 2 }, layout: "passive", notices });
}, 120_000);
afterAll(() => resources.disposeAsync());

async function served(role: string): Promise<string> {
  const all = stack.instances().filter((one) => one.role === role);
  const ready = await Promise.all(all.map((one) => one.isReady(1000)));
  return all
    .filter((_, i) => ready[i])
    .map(({ name }) => name)
    .join();
}

test.concurrent.each([
  ["pause-active", "api"],
  ["kill-active", "queue"],
])("%s of the role %s", async (name, on) => {
  const { ready, prepare } = await loadFault(project, name);
  await until(`${name} was expected to be ready`, async () => ready?.({ stack, on, options: {} }), { withinMs: 60_000, everyMs: 50 });
  const active = await served(on);
  const ledger = { ...idle, working: (instance: string) => (instance === active ? ["work"] : []) };
  const strike = prepare({ stack, ledger, on, options: { aloneMs: 1000 } });
  if (!strike) throw new Error(`${name} was expected to find a victim.`);
  expect(strike.on).toBe(active);
  await strike.inject();
  const successor = await served(on);
  expect(successor).not.toBe(active);
  expect(await until(`${name} was expected to bite`, strike.bites, { withinMs: 10_000 })).toMatch(
    new RegExp(`^${active}, which served, is (stopped|gone), and ${successor} serves$`),
  );
  await strike.heal();
  expect(await until(`${name} was expected to heal`, strike.healed, { withinMs: 60_000, everyMs: 100 })).toBe(`${successor} serves, and 1 stand by`);
  await until("The receiver was expected to be told", () => taken().some(([from, to]) => from === active && to === successor) || undefined, {
    withinMs: 10_000,
  });
});
test("nobody was told of anything else, and what is answered comes through the balancer", async () => {
  expect(taken()).toHaveLength(2);
  expect((await fetch(`${stack.url}/api/v1/monitoring/live`)).headers.get("x-instance-id")).toBe(await served("api"));
});
