/** Two regions on real servers: clients are led to the one that they name, each loses its Redis alone, and the second may lose everything. */
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
import type { AtWork, Strike } from "./fault.ts";

const project = resolve(import.meta.dirname, "../..");
const idle: AtWork = { working: () => [], open: () => [], ageOf: () => 0 };
const unheard: Journal<LedgerEntry> = { write: () => {}, assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} };

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  const parts = await provision({});
  const logs = await mkdtemp(join(tmpdir(), "live-regions-"));
  resources.defer(() => rm(logs, { recursive: true }));
  const state = resources.use(await openRunState({ keep: false }));
  const ledger = resources.use(openLedger(startClock(), unheard));
  const driver = await prepareDriver({ parts, project, directory: state.directory, marker: state.id });
  const what = { target: await loadTarget(project, "reference"), defect: undefined, topology: { api: 2, queue: 1 }, layout: "regions" } as const;
  stack = resources.use(await startStack(driver, { ...what, proxied: [], name: "regions", logs, ledgerFor: (name) => ledger.addressFor(name) }));
}, 120_000);
afterAll(() => resources.disposeAsync());

async function answeredBy(region: string): Promise<string> {
  const headers = { "X-Region": region, Connection: "close" };
  const answer = await fetch(`${stack.url}/api/v1/agents/nobody/near`, { headers, signal: AbortSignal.timeout(10_000) });
  await answer.body?.cancel();
  return answer.headers.get("X-Instance-Id") ?? "";
}

/** Strikes, tells what was seen of it, does something meanwhile, and heals. */
async function strike(name: string, on: string, meanwhile: (strike: Strike) => Promise<void>): Promise<void> {
  const { prepare } = await loadFault(project, name);
  const prepared = prepare({ stack, ledger: idle, on, options: { health: "/api/v1/health" } });
  if (!prepared) throw new Error(`${name} was expected to find a victim.`);
  try {
    await prepared.inject();
    expect(await until(`${name} was expected to bite`, prepared.bites, { withinMs: 10_000 })).toContain(on);
    await meanwhile(prepared);
  } finally {
    await prepared.heal();
    await until(`${name} was expected to heal`, prepared.healed, { withinMs: 60_000, everyMs: 100 });
  }
}

test("clients are led to the region that they name", async () => {
  expect(await answeredBy("a")).toBe("api-1");
  expect(await answeredBy("b")).toBe("api-2");
});

test("a region loses its Redis alone", () =>
  strike("lose-regional-redis", "a", async ({ numbers }) => {
    expect(numbers?.()).toMatchObject({ otherDown: 0 });
    expect(numbers?.().ownDown).toBeGreaterThan(0);
    expect(numbers?.().otherLooks).toBeGreaterThan(0);
  }));

test("the clients of a region that is gone are led to the other, and back", async () => {
  await strike("lose-region", "b", async () => expect(await answeredBy("b")).toBe("api-1"));
  const back = async (): Promise<true | undefined> => (await answeredBy("b")) === "api-2" || undefined;
  await until("The balancer was expected to lead to the region again", back, { withinMs: 30_000, everyMs: 250 });
});
