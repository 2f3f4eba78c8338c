import { type Fault, instanceNamed, victimOf } from "./fault.ts";

export default {
  what: "SIGSTOP of an instance for a time, then SIGCONT: what a long garbage collection, a live migration or a laptop's lid does.",
  prepare({ stack, ledger, on }) {
    const name = victimOf(ledger, on);
    if (name === undefined) return undefined;
    const instance = instanceNamed(stack, name);
    return {
      on: name,
      working: () => ledger.working(name),
      inject: () => instance.pause(),
      bites: async () => ((await instance.processState()) === "T" ? `process ${instance.pid()} is in state T (stopped)` : undefined),
      heal: () => instance.resume(),
      async healed() {
        const state = await instance.processState();
        return state !== undefined && state !== "T" && (await instance.isReady(500))
          ? `process ${instance.pid()} is in state ${state} and answers ready`
          : undefined;
      },
    };
  },
} satisfies Fault;
