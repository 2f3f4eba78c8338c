/** A standby that is promoted by hand, once, on real servers: it follows, is left behind, and catches up from the archive. */
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

const project = resolve(import.meta.dirname, "../..");
const idle: AtWork = { working: () => [], open: () => [], ageOf: () => 0 };
const unheard: Journal<LedgerEntry> = { write: () => {}, assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} };

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  const parts = await provision({});
  const logs = await mkdtemp(join(tmpdir(), "live-pair-"));
  resources.defer(() => rm(logs, { recursive: true }));
  const state = resources.use(await openRunState({ keep: false }));
  const ledger = resources.use(openLedger(startClock(), unheard));
  const driver = await prepareDriver({ parts, project, directory: state.directory, marker: state.id });
  const what = { target: await loadTarget(project, "reference"), defect: undefined, topology: { api: 1, queue: 1 }, layout: "standby" } as const;
  stack = resources.use(await startStack(driver, { ...what, proxied: [], name: "pair", logs, ledgerFor: (name) => ledger.addressFor(name) }));
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
