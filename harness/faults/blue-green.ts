import { setTimeout as later } from "node:timers/promises";
import { until } from "../base/clock.ts";
import type { Instance } from "../drivers/stack.ts";
import { everybodysWork, type Fault } from "./fault.ts";

const graceMs = 30_000;
const switchWithinMs = 5000;

export default {
  what: "Not a fault but a release: as many new instances of a role as there are old ones start beside them, the balancer reads a configuration that gives the new ones everything, and the old ones are stopped `leaveMs` later, when their last stream has ended.",
  prepare({ stack, ledger, on, options }) {
    const { balancer } = stack;
    const old: readonly Instance[] = stack.instances().filter(({ role }) => role === on);
    const names = old.map(({ name }) => name);
    let switchedAt = Number.NaN;
    let ended: readonly string[] = [];
    const reload = async (down: readonly string[]): Promise<void> => {
      const written = await balancer.reload({ down });
      const switched = async (): Promise<true | undefined> => (await balancer.version(500)) === written || undefined;
      await until(`The balancer was expected to switch to version ${written}`, switched, { withinMs: switchWithinMs });
    };
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        for (const _ of old) await stack.addInstance(on);
        await reload(names);
        switchedAt = performance.now();
        await later(Number(options.leaveMs));
        ended = await Promise.all(old.map(async (instance) => `${instance.name} ended with ${(await instance.terminate("SIGTERM", graceMs)).how}`));
      },
      bites: async () => (ended.length === old.length ? `the balancer gives everything to new instances, and ${ended.join(", ")}` : undefined),
      // The old ones take part again, so that everybody serves at the end.
      async heal() {
        for (const instance of old) if (instance.pid() === undefined) await instance.start();
        await reload([]);
      },
      healed: async () =>
        (await Promise.all(old.map((one) => one.isReady(500)))).every(Boolean) ? "the old ones serve again beside the new" : undefined,
      numbers: () => ({ sinceSwitchMs: performance.now() - switchedAt, ...Object.fromEntries(names.map((name) => [`${name} old`, 1])) }),
    };
  },
} satisfies Fault;
