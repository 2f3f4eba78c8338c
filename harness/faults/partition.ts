import type { Fault } from "./fault.ts";
import { edgeStrike, toxics } from "./tools/edge-strike.ts";
import { asksForHealth } from "./tools/health-page.ts";

const withinMs = 400;

export default {
  what: "A black hole on the edges between instances and a dependency: connections stay open, nothing passes in either direction. Where `page` is given, every instance is asked for its health meanwhile.",
  prepare: (context) => ({
    ...edgeStrike(context, {
      strike: toxics([
        { type: "timeout", stream: "upstream", attributes: { timeout: 0 } },
        { type: "timeout", stream: "downstream", attributes: { timeout: 0 } },
      ]),
      shows: async (edge) => ((await edge.dial(withinMs)) === "silent" ? { text: `accepts, and no answer came within ${withinMs} ms` } : undefined),
    }),
    during: asksForHealth(context, context.on.split("->")[1] ?? ""),
  }),
} satisfies Fault;
