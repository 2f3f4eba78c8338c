import type { Instance } from "../drivers/stack.ts";
import { everybodysWork, type Fault, markDown } from "./fault.ts";

const graceMs = 30_000;

export default {
  what: "Every instance of a role is restarted politely, one after another; with the option `markDown: 1` the balancer gives an instance nothing new before it is stopped.",
  prepare({ stack, ledger, on, options }) {
    const instances = stack.instances().filter(({ role }) => role === on);
    if (instances.length === 0) throw new Error(`A rolling restart was aimed at the role "${on}", which has no instances.`);
    const restarted: { readonly name: string; readonly from: number | undefined; readonly to: number | undefined; readonly how: string }[] = [];
    let longestMs = 0;
    const restart = async (instance: Instance): Promise<void> => {
      const from = instance.pid();
      if (options.markDown === 1) await markDown(stack.balancer, [instance.name]);
      const { how, afterMs } = await instance.terminate(options.signal === "SIGINT" ? "SIGINT" : "SIGTERM", graceMs);
      await instance.start();
      longestMs = Math.max(longestMs, afterMs);
      restarted.push({ name: instance.name, from, to: instance.pid(), how });
    };
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        for (const instance of instances) await restart(instance);
        if (options.markDown === 1) await markDown(stack.balancer, []);
      },
      bites: async () =>
        restarted.length === instances.length && restarted.every(({ from, to }) => from !== to)
          ? restarted.map(({ name, from, to, how }) => `${name} was process ${from}, ended with ${how} and is process ${to}`).join("; ")
          : undefined,
      // One that could not be started again is started here.
      async heal() {
        for (const instance of instances) if (instance.pid() === undefined) await instance.start();
      },
      healed: async () => ((await Promise.all(instances.map((one) => one.isReady(500)))).every(Boolean) ? "all answer ready" : undefined),
      numbers: () => ({ longestExitMs: longestMs }),
    };
  },
} satisfies Fault;
