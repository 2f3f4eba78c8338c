import { type Fault, instanceNamed } from "./fault.ts";

const graceMs = 30_000;
/** The metric by which the instance tells its clock counts whole seconds. */
const roundedMs = 2000;

export default {
  what: "An instance comes back from a restart with a wall clock that is `aheadMs` ahead (negative: behind); healed by starting it as before.",
  prepare({ stack, ledger, on, options }) {
    const instance = instanceNamed(stack, on);
    const aheadMs = Number(options.aheadMs);
    let startedMs = 0;
    let seenMs = Number.NaN;
    const restart = async (start: () => Promise<void>): Promise<void> => {
      if (instance.pid() !== undefined) await instance.terminate("SIGTERM", graceMs);
      startedMs = Date.now();
      await start();
    };
    /** How far its clock is ahead of the harness's, by what it says of its own start. */
    const ahead = async (): Promise<number> => ((await instance.gauges(500)).startedAtMs ?? Number.NaN) - startedMs;
    return {
      on,
      working: () => ledger.working(on),
      inject: () => restart(() => instance.startAhead(aheadMs)),
      async bites() {
        seenMs = await ahead();
        if (!(Math.abs(seenMs - aheadMs) <= roundedMs)) return undefined;
        return `by its own clock it started ${Math.round(Math.abs(seenMs) / 1000)} s ${seenMs > 0 ? "later" : "earlier"} than it did`;
      },
      heal: () => restart(() => instance.start()),
      async healed() {
        const seen = await ahead();
        return Math.abs(seen) <= roundedMs ? "its clock is right" : undefined;
      },
      numbers: () => ({ aheadMs: seenMs }),
    };
  },
} satisfies Fault;
