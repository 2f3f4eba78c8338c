import { readFileSync } from "node:fs";
import { setTimeout as later } from "node:timers/promises";
import type { Instance } from "../drivers/stack.ts";
import type { Fault } from "./fault.ts";
import reconfigure from "./reconfigure.ts";

const everyMs = 100;
/** By then whoever has not replaced its workers is not waited for: the load was enough to wear three out. */
const withinMs = 60_000;

export default {
  what: "Every instance of a role is restarted with workers that are to be replaced after so many requests (`setting`, `value`, and whatever `reconfigure` knows), and the load goes on until each instance has replaced workers `times` times.",
  prepare(context) {
    const { stack, on, options } = context;
    const change = reconfigure.prepare(context);
    if (change === undefined) return undefined;
    const instances = stack.instances().filter(({ role }) => role === on);
    const times = Number(options.times);
    const births = new Map<string, number>();
    let watchedMs = 0;
    return {
      ...change,
      async inject() {
        await change.inject();
        const began = performance.now();
        const known = new Map(instances.map((instance) => [instance.name, new Set(workersOf(instance))]));
        while (performance.now() - began < withinMs && instances.some(({ name }) => (births.get(name) ?? 0) < times)) {
          await later(everyMs);
          for (const instance of instances) births.set(instance.name, (births.get(instance.name) ?? 0) + newIn(known.get(instance.name), instance));
        }
        watchedMs = performance.now() - began;
      },
      async bites() {
        const ready = await change.bites();
        const seen = instances.map(({ name }) => `${name} replaced ${births.get(name) ?? 0} workers`).join(", ");
        return ready === undefined ? undefined : `${seen} in ${(watchedMs / 1000).toFixed(0)} s`;
      },
      numbers: () => ({ watchedMs, ...Object.fromEntries(instances.map(({ name }) => [`${name} replaced`, births.get(name) ?? 0])) }),
    };
  },
} satisfies Fault;

/** The process ids of what an instance's own process has started. */
function workersOf(instance: Instance): readonly number[] {
  const pid = instance.pid();
  try {
    return pid === undefined ? [] : readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** How many workers have been added since the last look. */
function newIn(known: Set<number> | undefined, instance: Instance): number {
  const born = workersOf(instance).filter((pid) => !known?.has(pid));
  for (const pid of born) known?.add(pid);
  return born.length;
}
