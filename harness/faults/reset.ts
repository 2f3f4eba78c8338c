import type { Fault } from "./fault.ts";
import { edgeStrike, toxics } from "./tools/edge-strike.ts";

export default {
  what: "Every new connection on the edges is reset (RST) when its first words pass; those from before are closed (FIN) with their next message.",
  prepare: (context) =>
    edgeStrike(context, {
      strike: toxics([{ type: "reset_peer", stream: "upstream", attributes: { timeout: 0 } }]),
      async shows(edge, { probe }) {
        // A message on the old connection is what closes it.
        await probe.roundTripMs(200, 0).catch(() => {});
        const how = await edge.dial(400);
        return how === "reset" && !probe.isOpen() ? { text: "a new connection was reset, one from before is closed" } : undefined;
      },
    }),
} satisfies Fault;
