import type { Fault } from "./fault.ts";
import { edgeStrike, toxics } from "./tools/edge-strike.ts";

export default {
  what: "The end of a connection is `delayMs` late on the edges: whoever waits for the other side's end waits that long.",
  prepare(context) {
    const delay = Number(context.options.delayMs);
    return edgeStrike(context, {
      strike: toxics([{ type: "slow_close", stream: "upstream", attributes: { delay } }]),
      async shows(edge) {
        const ms = await edge.closesAfterMs(2 * delay + 1000);
        return ms !== undefined && ms >= 0.9 * delay
          ? { text: `the other side's end came ${ms.toFixed(0)} ms after ours`, numbers: { closeMs: ms } }
          : undefined;
      },
    });
  },
} satisfies Fault;
