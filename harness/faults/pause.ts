import { type AtWork, type Fault, instanceNamed } from "./fault.ts";

export default {
  what: "SIGSTOP of an instance for a time, then SIGCONT: what a long garbage collection, a live migration or a laptop's lid does.",
  prepare({ stack, ledger, on }) {
    const name = on === "holder-of-lock" ? lockHolder(ledger) : on;
    if (name === undefined) return undefined;
    const instance = instanceNamed(stack, name);
    return {
      on: name,
      working: () => ledger.working(name),
      async inject() {
        instance.pause();
      },
      bites: async () => (instance.processState() === "T" ? `process ${instance.pid()} is in state T (stopped)` : undefined),
      async heal() {
        instance.resume();
      },
      async healed() {
        const state = instance.processState();
        return state !== undefined && state !== "T" && (await instance.isReady(500))
          ? `process ${instance.pid()} is in state ${state} and answers ready`
          : undefined;
      },
    };
  },
} satisfies Fault;

/** An instance inside a critical section that began a moment ago and has most of its work before it. */
function lockHolder(ledger: AtWork): string | undefined {
  return ledger.open("lock").find((entry) => ledger.ageOf(entry) > 100 && ledger.ageOf(entry) < 350)?.instance;
}
