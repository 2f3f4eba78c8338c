/** Every fault of a Redis that fails over, once, on real servers and sentinels: another is promoted, instances follow it, and the old one copies it in the end. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startClock, until } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { LedgerEntry } from "../core/records.ts";
import { openRunState } from "../drivers/process/run-state.ts";
import { prepareDriver, startStack } from "../drivers/process/stack.ts";
import type { Stack } from "../drivers/stack.ts";
import { provision } from "../provision/provision.ts";
import { loadFault, loadTarget } from "../run/catalogue.ts";
import { openLedger } from "../run/ledger.ts";
import type { AtWork } from "./fault.ts";
import { groupOf } from "./tools/redis-group.ts";

const project = resolve(import.meta.dirname, "../..");
const idle: AtWork = { working: () => [], open: () => [], ageOf: () => 0 };
const unheard: Journal<LedgerEntry> = { write: () => {}, assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} };
const followsWithinMs = 10_000;

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  const parts = await provision({});
  const logs = await mkdtemp(join(tmpdir(), "live-redis-"));
  resources.defer(() => rm(logs, { recursive: true }));
  const state = resources.use(await openRunState({ keep: false }));
  const ledger = resources.use(openLedger(startClock(), unheard));
  const driver = await prepareDriver({ parts, project, directory: state.directory, marker: state.id });
  const what = { target: await loadTarget(project, "reference"), defect: undefined, topology: { api: 1, queue: 1 }, layout: "sentinel" } as const;
  stack = resources.use(await startStack(driver, { ...what, proxied: [], name: "group", logs, ledgerFor: (name) => ledger.addressFor(name) }));
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
