import type { Hog } from "../drivers/stack.ts";
import { everybodysWork, type Fault } from "./fault.ts";

export default {
  what: "A child holds `megabytes` of memory, every page of it touched.",
  prepare({ stack, ledger, options }) {
    const megabytes = Number(options.megabytes);
    let hog: Hog | undefined;
    let pid: number | undefined;
    return {
      on: "memory",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        hog = await stack.startHog("memory", megabytes);
        pid = hog.pid();
      },
      async bites() {
        const held = hog?.rssMb() ?? 0;
        return held >= megabytes ? `process ${pid} holds ${held.toFixed(0)} MiB` : undefined;
      },
      heal: async () => hog?.[Symbol.asyncDispose](),
      healed: async () => (hog?.pid() === undefined ? `process ${pid} is gone` : undefined),
    };
  },
} satisfies Fault;
