import type { Fault } from "./fault.ts";
import { edgeStrike, toxics } from "./tools/edge-strike.ts";

const withinMs = 400;

export default {
  what: "A black hole in the direction `stream` only. upstream: requests vanish, what the dependency says unasked arrives. downstream: requests take effect and their answers vanish.",
  prepare(context) {
    const upstream = context.options.stream === "upstream";
    return edgeStrike(context, {
      strike: toxics([{ type: "timeout", stream: upstream ? "upstream" : "downstream", attributes: { timeout: 0 } }]),
      async shows(_edge, { probe }) {
        const hears = await probe.hears(withinMs);
        const reaches = await probe.reaches(withinMs);
        if (!probe.isOpen() || hears !== upstream || reaches === upstream) return undefined;
        return {
          text: `a connection is open, what is said on it ${upstream ? "does not arrive" : "arrives"}, and it hears ${hears ? "the dependency" : "nothing"}`,
        };
      },
    });
  },
} satisfies Fault;
