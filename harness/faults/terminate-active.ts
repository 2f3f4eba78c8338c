import type { Fault } from "./fault.ts";
import { activeStrike, oneServes } from "./tools/active.ts";

/** Longer than it may take to stop; then it is killed. */
const graceMs = 20_000;

export default {
  what: "A polite end (option `signal`: SIGINT or SIGTERM) of the instance of a role that serves while the others stand by; healed by starting it again once another serves: then it stands by.",
  layouts: ["passive"],
  ready: oneServes,
  prepare(context) {
    const signal = context.options.signal === "SIGINT" ? "SIGINT" : "SIGTERM";
    let ended = { how: "", afterMs: 0 };
    return activeStrike(context, {
      async inject(active) {
        ended = await active.terminate(signal, graceMs);
      },
      bites: async (active) =>
        active.pid() === undefined
          ? `${signal}: ${active.name}, which served, ended with ${ended.how} after ${Math.round(ended.afterMs)} ms`
          : undefined,
      heal: (active) => active.start(),
    });
  },
} satisfies Fault;
