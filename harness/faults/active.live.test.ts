/** The topology `passive` and its faults, once for each role: one of each serves, another takes its place, who wakes up ends itself, and the receiver is told. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startClock, until } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { LedgerEntry, Notice } from "../core/records.ts";
import { openRunState } from "../drivers/process/run-state.ts";
import { prepareDriver, startStack } from "../drivers/process/stack.ts";
import type { Stack } from "../drivers/stack.ts";
import { provision } from "../provision/provision.ts";
import { loadFault, loadTarget } from "../run/catalogue.ts";
import { openLedger } from "../run/ledger.ts";
import { openNotices } from "../run/notices.ts";

const project = resolve(import.meta.dirname, "../..");
const heard: Notice[] = [];
const taken = (): readonly (readonly string[])[] => heard.filter(({ answered }) => answered === 204).map(({ from, to }) => [from, to]);
const journal = <T>(write: (record: T) => void = () => {}): Journal<T> => ({
  write,
  assertWritable: () => {},
  [Symbol.asyncDispose]: async () => {},
});

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  const parts = await provision({});
  const logs = await mkdtemp(join(tmpdir(), "live-passive-"));
  resources.defer(() => rm(logs, { recursive: true }));
  const target = await loadTarget(project, "reference");
  const state = resources.use(await openRunState({ keep: false }));
  const clock = startClock();
  const ledger = resources.use(openLedger(clock, journal<LedgerEntry>()));
  if (!target.passive) throw new Error("The reference server was expected to say how one alone of its instances serves.");
  const { url: notices } = resources.use(
    await openNotices(
      clock,
      target.passive,
      journal((notice) => heard.push(notice)),
    ),
  );
  const driver = await prepareDriver({ parts, project, directory: state.directory, marker: state.id });
  const what = { target, defect: undefined, topology: { api: 2, queue: 2 }, layout: "passive", notices } as const;
  stack = resources.use(await startStack(driver, { ...what, proxied: [], name: "passive", logs, ledgerFor: (name) => ledger.addressFor(name) }));
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
  const ledger = { working: (instance: string) => (instance === active ? ["work"] : []), open: () => [], ageOf: () => 0 };
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
