import { setTimeout as later } from "node:timers/promises";
import type { Fault } from "./fault.ts";
import { edgeStrike, type Sight } from "./tools/edge-strike.ts";

export default {
  what: "The edges go down (what is connected is disconnected, new connections are refused) and come up again, over and over: `downMs` down, `upMs` up.",
  prepare(context) {
    const downMs = Number(context.options.downMs);
    const upMs = Number(context.options.upMs);
    const times = new Map<string, number>();
    /** Edges flap at their own pace: what was seen of one counts while another is up. */
    const seen = new Map<string, Sight>();
    return edgeStrike(context, {
      async strike(edge) {
        const stop = new AbortController();
        const pause = (ms: number): Promise<void> => later(ms, undefined, { signal: stop.signal, ref: false });
        const flap = async (): Promise<void> => {
          for (;;) {
            await edge.setOpen(false);
            times.set(edge.name, (times.get(edge.name) ?? 0) + 1);
            await pause(downMs);
            await edge.setOpen(true);
            await pause(upMs);
          }
        };
        let broken: unknown;
        const flapping = flap().catch((error) => {
          if (!stop.signal.aborted) broken = error;
        });
        return async () => {
          stop.abort();
          await flapping;
          await edge.setOpen(true);
          if (broken) throw broken;
        };
      },
      async shows(edge, { probe }) {
        const flaps = times.get(edge.name) ?? 0;
        // Down twice, it was up in between.
        if (!seen.has(edge.name) && flaps >= 2 && !probe.isOpen() && (await edge.dial(200)) === "refused")
          seen.set(edge.name, {
            text: `down for the ${flaps}. time: a new connection was refused, one from before is closed`,
            numbers: { flapsAtBite: flaps },
          });
        return seen.get(edge.name);
      },
    });
  },
} satisfies Fault;
