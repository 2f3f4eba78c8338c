import { type Fault, instanceNamed, markDown } from "./fault.ts";

const graceMs = 30_000;
/** The metric by which the instance tells its clock counts whole seconds. */
const roundedMs = 2000;

export default {
  what: "An instance comes back from a restart with a wall clock that is `aheadMs` ahead (negative: behind), healed by starting it as before; with the option `markDown: 1` the balancer gives it nothing new while it is away.",
  prepare({ stack, ledger, on, options }) {
    const instance = instanceNamed(stack, on);
    const aheadMs = Number(options.aheadMs);
    const switched = async (down: readonly string[]): Promise<unknown> => options.markDown === 1 && markDown(stack.balancer, down);
    let startedMs = 0;
    let seenMs = Number.NaN;
    const restart = async (start: () => Promise<void>): Promise<void> => {
      await switched([on]);
      if (instance.pid() !== undefined) await instance.terminate("SIGTERM", graceMs);
      startedMs = Date.now();
      await start();
      await switched([]);
    };
    /** How far its clock is ahead of the harness's, by what it says of its own start. */
    const ahead = async (): Promise<number> => ((await instance.gauges(500)).startedAtMs ?? Number.NaN) - startedMs;
    return {
      on,
      working: () => ledger.working(on),
      inject: () => restart(() => instance.startAhead(aheadMs)),
      // A clock that nobody goes by harms nobody: it has to be seen at work.
      async bites() {
        const [doing] = ledger.working(on);
        seenMs = await ahead();
        if (doing === undefined || !(Math.abs(seenMs - aheadMs) <= roundedMs)) return undefined;
        return `by its own clock it started ${Math.round(Math.abs(seenMs) / 1000)} s ${seenMs > 0 ? "later" : "earlier"} than it did, and it is at work (${doing})`;
      },
      heal: () => restart(() => instance.start()),
      healed: async () => (Math.abs(await ahead()) <= roundedMs ? "its clock is right" : undefined),
      numbers: () => ({ aheadMs: seenMs }),
    };
  },
} satisfies Fault;
