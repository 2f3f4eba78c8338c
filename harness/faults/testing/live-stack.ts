/** A real stack of the reference server for tests of faults: nobody loads it, and its ledger is not recorded. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startClock } from "../../base/clock.ts";
import type { Journal } from "../../base/journal.ts";
import type { LedgerEntry } from "../../core/records.ts";
import { openRunState } from "../../drivers/process/run-state.ts";
import { type ProcessParts, prepareDriver, startStack } from "../../drivers/process/stack.ts";
import type { Stack, StackOptions } from "../../drivers/stack.ts";
import { provision } from "../../provision/provision.ts";
import { loadTarget } from "../../run/catalogue.ts";
import { openLedger } from "../../run/ledger.ts";
import type { AtWork } from "../fault.ts";

export const project = resolve(import.meta.dirname, "../../..");

/** A judge's ledger that knows nobody at work. */
export const idle: AtWork = { working: () => [], open: () => [], ageOf: () => 0, refuse: () => ({ refused: () => 0, end() {} }) };

/** A journal that keeps nothing, or hands on what is written. */
export function journalTo<T>(write: (record: T) => void = () => {}): Journal<T> {
  return { write, assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} };
}

type Wanted = Pick<StackOptions, "name" | "topology"> & Partial<Pick<StackOptions, "layout" | "proxied" | "notices">> & Pick<ProcessParts, "cluster">;

/** Starts it by the process driver; `resources` end it, with its files. */
export async function openLiveStack(resources: AsyncDisposableStack, { cluster, ...wanted }: Wanted): Promise<Stack> {
  const parts = { ...(await provision({})), ...(cluster === undefined ? {} : { cluster }) };
  const logs = await mkdtemp(join(tmpdir(), `live-${wanted.name}-`));
  resources.defer(() => rm(logs, { recursive: true }));
  const state = resources.use(await openRunState({ keep: false }));
  const ledger = resources.use(openLedger(startClock(), journalTo<LedgerEntry>()));
  const driver = await prepareDriver({ parts, project, directory: state.directory, marker: state.id });
  const target = await loadTarget(project, "reference");
  const ledgerFor = (instance: string): Promise<string> => ledger.addressFor(instance);
  return resources.use(await startStack(driver, { target, defect: undefined, proxied: [], ...wanted, logs, ledgerFor }));
}
