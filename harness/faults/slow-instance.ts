import { setTimeout as later } from "node:timers/promises";
import { type Fault, instanceNamed } from "./fault.ts";

const looks = 60;
const everyMs = 7;

export default {
  what: "A slow instance: of each `periodMs` it is stopped (SIGSTOP) for `stoppedPercent`.",
  prepare({ stack, ledger, on, options }) {
    const instance = instanceNamed(stack, on);
    const periodMs = Number(options.periodMs ?? 100);
    const stopped = Number(options.stoppedPercent ?? 50) / 100;
    const end = new AbortController();
    let duty = Promise.resolve();
    let seenPercent = 0;
    const pause = (ms: number): Promise<void> => later(ms, undefined, { signal: end.signal, ref: false }).catch(() => {});
    const beSlow = async (): Promise<void> => {
      while (!end.signal.aborted) {
        await instance.pause();
        await pause(periodMs * stopped);
        await instance.resume();
        await pause(periodMs * (1 - stopped));
      }
    };
    return {
      on,
      working: () => ledger.working(on),
      async inject() {
        duty = beSlow();
      },
      async bites() {
        let seen = 0;
        for (let i = 0; i < looks; i++) {
          if ((await instance.processState()) === "T") seen++;
          await later(everyMs);
        }
        seenPercent = (100 * seen) / looks;
        const enough = Math.abs(seenPercent - 100 * stopped) < 20 && seen > 0 && seen < looks;
        return enough ? `process ${instance.pid()} was in state T (stopped) at ${seen} of ${looks} looks, ${everyMs} ms apart` : undefined;
      },
      async heal() {
        end.abort();
        await duty;
      },
      async healed() {
        const state = await instance.processState();
        return state !== undefined && state !== "T" && (await instance.isReady(500)) ? `process ${instance.pid()} answers ready` : undefined;
      },
      numbers: () => ({ stoppedPercent: seenPercent }),
    };
  },
} satisfies Fault;
