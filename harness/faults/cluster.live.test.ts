/** Every fault of a Postgres that fails over, once, on a real cluster: it bites, it heals, and what was written before it is there. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../base/clock.ts";
import type { Stack } from "../drivers/stack.ts";
import { clustered, MissingPartError, provision } from "../provision/provision.ts";
import { loadFault } from "../run/catalogue.ts";
import { repeat } from "../run/repeat.ts";
import type { FaultContext } from "./fault.ts";
import { idle, openLiveStack, project } from "./testing/live-stack.ts";

const cluster = await provision({ only: clustered }).catch((error: unknown) => {
  if (!(error instanceof MissingPartError)) throw error;
});

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  if (!cluster) return;
  stack = await openLiveStack(resources, { name: "cluster", topology: { api: 1, queue: 1 }, layout: "ha", cluster });
  await write("create table kept (n int primary key)");
}, 180_000);
afterAll(() => resources.disposeAsync());

async function write(sql: string): Promise<number> {
  const client = await stack.postgres.connect();
  return client
    .query(sql)
    .then(({ rows }) => Number(rows[0]?.count ?? 0))
    .finally(() => client.end());
}

/** Strikes, sees it bite, waits for another to lead where that is expected, and heals. */
async function strike(name: string, options: FaultContext["options"] = {}, promotes = true): Promise<string> {
  const { ready, prepare } = await loadFault(project, name);
  // As the nemesis does: a cluster that is not whole yet rightly promotes nobody.
  if (ready)
    await until(`${name} was expected to be ready to strike`, () => ready({ stack, on: "postgres", options }), { withinMs: 90_000, everyMs: 50 });
  const led = (await stack.cluster?.primary())?.name;
  const prepared = prepare({ stack, ledger: idle, on: "postgres", options });
  if (!prepared) throw new Error(`${name} was expected to find a victim.`);
  await using _writing = repeat(50, () =>
    write("select pg_logical_emit_message(true, 'test', 'x')").then(
      () => {},
      () => {},
    ),
  );
  try {
    await prepared.inject();
    const bite = await until(`${name} was expected to bite`, prepared.bites, { withinMs: 10_000 });
    const another = async (): Promise<true | undefined> => {
      const now = (await stack.cluster?.primary())?.name;
      return (now !== undefined && now !== led) || undefined;
    };
    if (promotes) await until("Another node was expected to lead", another, { withinMs: 60_000 });
    return bite;
  } finally {
    await prepared.heal();
    await until(`${name} was expected to heal`, prepared.healed, { withinMs: 90_000, everyMs: 100 });
  }
}

const cases = [
  ["kill-node", {}, true, "and its manager are gone"],
  ["kill-postmaster", {}, true, "is gone"],
  ["kill-manager", {}, true, "goes on"],
  ["pause-node", {}, true, "state T"],
  ["switch-over", {}, true, "in place of"],
  ["cut-replication", {}, false, "confirmed nothing"],
  ["cut-replication", { closed: 1 }, false, "no standby is connected"],
  ["cut-replication", { latencyMs: 300 }, false, "is confirmed after"],
  ["kill-entry", {}, false, "haproxy is gone"],
  ["kill-store", {}, false, "are gone"],
] as const;

test.skipIf(!cluster).each(cases)("%s %j", async (name, options, promotes, evidence) => {
  await write(`insert into kept select coalesce(max(n), 0) + 1 from kept`);
  const before = await write("select count(*) from kept");
  expect(await strike(name, options, promotes)).toContain(evidence);
  expect(await write("select count(*) from kept")).toBe(before);
});

test.skipIf(!cluster)("two of three store members", async () => {
  expect(await strike("kill-store", { quorum: 1 }, false)).toMatch(/etcd-\d and etcd-\d are gone/);
});
