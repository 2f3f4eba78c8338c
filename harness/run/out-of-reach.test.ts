import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type Layout, layouts } from "../core/experiment.ts";
import { composeDriver } from "../drivers/compose/stack.ts";
import { outOfReach } from "./out-of-reach.ts";

const project = resolve(import.meta.dirname, "../..");
const target = { title: "A server", cluster: { node: "", entry: "", renderer: "" } };
const driver = { id: "process", lacks: { containers: "it takes containers" }, beyond: {} } as const;
const asked = (layout: Layout, fault: string, more: Partial<Parameters<typeof outOfReach>[0]> = {}) =>
  outOfReach({ project, driver, target, layout, schedule: [{ fault, on: "postgres", atMs: 0, forMs: 0 }], ...more });

test.each([
  ["single", "restart-postgres"],
  ["single", "kill"],
  ["ha", "kill"],
  ["ha-async", "kill-node"],
] as const)("on %s, %s can be carried out", async (layout, fault) => expect(await asked(layout, fault)).toBeUndefined());

test("a fault of one server strikes no cluster, and one of a cluster strikes no single server", async () => {
  expect(await asked("ha", "restart-postgres")).toBe("The fault restart-postgres strikes the topology single, and this is ha.");
  expect(await asked("single", "kill-node")).toContain("ha or ha-async or ha-strict, and this is single");
});

test("what cannot be had is said in the words of whoever looked for it", async () => {
  const without = { ...driver, beyond: { ha: "Expected etcd and found none." } };
  expect(await asked("ha", "kill", { driver: without })).toBe("Expected etcd and found none.");
  expect(await asked("ha-async", "kill", { driver: without })).toBeUndefined();
  expect(await asked("ha", "kill", { target: { title: "A server" } })).toContain("does not say how its Postgres fails over");
  expect(await asked("standby", "kill")).toBe("A server does not say how a standby follows its Postgres.");
  expect(await asked("passive", "kill-active")).toBe("Of the instances of A server all serve.");
  const paired = { title: "A server", standby: { primary: "", follower: "", renderer: "" } };
  expect(await asked("regions", "kill", { target: paired })).toBe("A server does not say how it is laid out in several regions.");
  expect(await asked("single", "kill", { driver: without })).toBeUndefined();
});

test("what a driver lacks is said with the fault that needs it and the reason", async () => {
  expect(await asked("single", "unplug")).toBe("The fault unplug is beyond the process driver: it takes containers.");
  const compose = { id: "compose", lacks: { backups: "nobody can copy it", "client addresses": "they have one" }, beyond: {} } as const;
  expect(await asked("single", "unplug", { driver: compose })).toBeUndefined();
  expect(await asked("single", "limit-clients", { driver: compose })).toBe("The fault limit-clients is beyond the compose driver: they have one.");
  expect(await asked("single", "ask-from-addresses", { driver: compose })).toContain("they have one");
  expect(await asked("ha", "restore-a-backup", { driver: compose })).toBe(
    "The fault restore-a-backup is beyond the compose driver: nobody can copy it.",
  );
});

test("the compose driver brings a layout up, or says why it does not", () => {
  const options = { engine: undefined as never, images: {}, project, directory: "", marker: "" };
  const beyond = (driver: ReturnType<typeof composeDriver>): readonly Layout[] => layouts.filter((layout) => driver.beyond[layout] !== undefined);
  expect(beyond(composeDriver(options))).toEqual(["standby", "regions", "sentinel", "passive"]);
  const without = composeDriver({ ...options, noCluster: "Expected the image of etcd and it cannot be had." });
  expect(beyond(without)).toEqual(layouts.filter((layout) => layout !== "single"));
  expect(without.beyond["ha-strict"]).toBe("Expected the image of etcd and it cannot be had.");
});
