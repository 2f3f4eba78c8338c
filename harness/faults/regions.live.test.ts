/** Two regions on real servers: clients are led to the one that they name, each loses its Redis alone, and the second may lose everything. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../base/clock.ts";
import type { Stack } from "../drivers/stack.ts";
import { loadFault } from "../run/catalogue.ts";
import type { Strike } from "./fault.ts";
import { idle, openLiveStack, project } from "./testing/live-stack.ts";

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  stack = await openLiveStack(resources, { name: "regions", topology: { api: 2, queue: 1 }, layout: "regions" });
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
