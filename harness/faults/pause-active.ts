import { setTimeout as later } from "node:timers/promises";
import type { Fault } from "./fault.ts";
import { activeStrike, oneServes } from "./tools/active.ts";

const graceMs = 20_000;

export default {
  what: "SIGSTOP of the instance of a role that serves while the others stand by, until another serves, then SIGCONT; it is left to itself for `aloneMs`, in which it has to end, and then started again.",
  layouts: ["passive"],
  healsWithinMs: 60_000,
  ready: oneServes,
  prepare(context) {
    const aloneMs = Number(context.options.aloneMs);
    return activeStrike(context, {
      inject: (active) => active.pause(),
      bites: async (active) => ((await active.processState()) === "T" ? `${active.name}, which served, is stopped` : undefined),
      async heal(active) {
        await active.resume();
        await later(aloneMs, undefined, { ref: false });
        // One that goes on as if nothing had happened would be in the way of the next strike.
        if (active.pid() !== undefined) await active.terminate("SIGTERM", graceMs);
        await active.start();
      },
    });
  },
} satisfies Fault;
