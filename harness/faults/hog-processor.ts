import type { Hog, Instance } from "../drivers/stack.ts";
import { everybodysWork, type Fault, instanceNamed } from "./fault.ts";

/** Shorter windows say nothing of an instance that has little to do. */
const leastMs = 20;

export default {
  what: "`processes` children that never rest compete with the instances for the processors; it bites when the named instance has waited for one as long as it had one.",
  prepare({ stack, ledger, on, options }) {
    const instance = instanceNamed(stack, on);
    const hogs: Hog[] = [];
    let began = { had: 0, waited: 0 };
    let share = 0;
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        for (let i = 0; i < Number(options.processes); i++) hogs.push(await stack.startHog("cpu", 1));
        began = instance.processorMs();
      },
      async bites() {
        const { had, waited } = since(instance, began);
        if (had + waited < leastMs) return undefined;
        share = waited / (had + waited);
        return share >= 0.5 && hogs.every((hog) => hog.pid() !== undefined)
          ? `${on} waited ${waited.toFixed(0)} ms for a processor and had one for ${had.toFixed(0)} ms`
          : undefined;
      },
      heal: async () => void (await Promise.all(hogs.splice(0).map((hog) => hog[Symbol.asyncDispose]()))),
      healed: async () => (hogs.length === 0 && (await instance.isReady(500)) ? "the children are gone" : undefined),
      numbers: () => ({ waitedPercent: 100 * share }),
    };
  },
} satisfies Fault;

function since(instance: Instance, began: { readonly had: number; readonly waited: number }): { readonly had: number; readonly waited: number } {
  const now = instance.processorMs();
  return { had: now.had - began.had, waited: now.waited - began.waited };
}
