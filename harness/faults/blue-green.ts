import { setTimeout as later } from "node:timers/promises";
import type { Instance } from "../drivers/stack.ts";
import { everybodysWork, type Fault, markDown } from "./fault.ts";

const graceMs = 30_000;

export default {
  what: "Not a fault but a release: as many new instances of a role as there are old ones start beside them, the balancer reads a configuration that gives the new ones everything, and the old ones are stopped `leaveMs` later, when their last stream has ended.",
  prepare({ stack, ledger, on, options }) {
    const { balancer } = stack;
    const old: readonly Instance[] = stack.instances().filter(({ role }) => role === on);
    const names = old.map(({ name }) => name);
    let switchedAt = Number.NaN;
    let ended: readonly string[] = [];
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        for (const _ of old) await stack.addInstance(on);
        await markDown(balancer, names);
        switchedAt = performance.now();
        await later(Number(options.leaveMs));
        ended = await Promise.all(old.map(async (instance) => `${instance.name} ended with ${(await instance.terminate("SIGTERM", graceMs)).how}`));
      },
      bites: async () => (ended.length === old.length ? `the balancer gives everything to new instances, and ${ended.join(", ")}` : undefined),
      // The old ones take part again, so that everybody serves at the end.
      async heal() {
        for (const instance of old) if (instance.pid() === undefined) await instance.start();
        await markDown(balancer, []);
      },
      healed: async () =>
        (await Promise.all(old.map((one) => one.isReady(500)))).every(Boolean) ? "the old ones serve again beside the new" : undefined,
      numbers: () => ({ sinceSwitchMs: performance.now() - switchedAt, ...Object.fromEntries(names.map((name) => [`${name} old`, 1])) }),
    };
  },
} satisfies Fault;
