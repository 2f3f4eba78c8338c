import { setTimeout as later } from "node:timers/promises";
import { everybodysWork, type Fault } from "./fault.ts";

/** Redis has one thread: while a script counts, everybody waits. */
const busy =
  "local function ms() local time = redis.call('TIME') return time[1] * 1000 + time[2] / 1000 end local ends = ms() + ARGV[1] while ms() < ends do end return 1";

export default {
  what: "An outsider's slow commands: each keeps Redis to itself for `busyMs`, one after another, `pauseMs` apart.",
  prepare({ stack, ledger, options }) {
    const { command } = stack.redis;
    const busyMs = Number(options.busyMs);
    const stop = new AbortController();
    let outsider = Promise.resolve();
    let slowestMs = 0;
    const keepBusy = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        await command("EVAL", busy, "0", String(busyMs)).catch(() => {});
        await later(Number(options.pauseMs), undefined, { signal: stop.signal, ref: false }).catch(() => {});
      }
    };
    const pingMs = async (): Promise<number> => {
      const began = performance.now();
      await command("PING");
      return performance.now() - began;
    };
    return {
      on: "redis",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        outsider = keepBusy();
      },
      async bites() {
        slowestMs = Math.max(slowestMs, await pingMs());
        const entries = (await command("SLOWLOG", "GET", "10")) as readonly (readonly unknown[])[];
        const slow = entries.some((entry) => Number(entry[2]) >= busyMs * 1000 && String(entry[3]).startsWith("EVAL"));
        return slow && slowestMs >= busyMs / 2 ? `a PING took ${slowestMs.toFixed(0)} ms, behind scripts in the slow log` : undefined;
      },
      async heal() {
        stop.abort();
        await outsider;
      },
      healed: async () => ((await pingMs()) < busyMs / 2 ? "answers PING at once" : undefined),
      numbers: () => ({ pingMs: slowestMs }),
    };
  },
} satisfies Fault;
