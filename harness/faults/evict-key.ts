import { setTimeout as later } from "node:timers/promises";
import { everybodysWork, type Fault } from "./fault.ts";

/** Rarely enough that whoever writes it once a second has it back in between. */
const everyMs = 1300;

export default {
  what: "One `key` of Redis is evicted (UNLINK) again and again, as memory pressure may do that leaves all others alone: those who look for what was lost find nothing else missing.",
  prepare({ stack, ledger, options }) {
    const stop = new AbortController();
    let evicting = Promise.resolve();
    let times = 0;
    return {
      on: "redis",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        evicting = (async () => {
          while (!stop.signal.aborted) {
            times += Number(await stack.redis.command("UNLINK", String(options.key)).catch(() => 0));
            await later(everyMs, undefined, { signal: stop.signal, ref: false }).catch(() => {});
          }
        })();
      },
      // An eviction of nothing would prove nothing.
      bites: async () => (times > 0 ? `${options.key} was evicted ${times} times so far` : undefined),
      async heal() {
        stop.abort();
        await evicting;
      },
      healed: async () => "nobody evicts it any more",
      numbers: () => ({ evictedAtBite: times }),
    };
  },
} satisfies Fault;
