import type { Fault } from "./fault.ts";
import { edgeStrike } from "./tools/edge-strike.ts";

/** Beyond any experiment: the end of what was cut comes with the healing. */
const never = 3_600_000;
const withinMs = 300;

export default {
  what: "Half-open connections: those from before the fault are gone on the dependency's side, and the instance's side is not told; new ones work.",
  prepare: (context) =>
    edgeStrike(context, {
      async strike(edge) {
        const undo = await edge.addToxic({ type: "slow_close", stream: "downstream", attributes: { delay: never } });
        await edge.cutBehind();
        return undo;
      },
      async shows(edge, { probe }) {
        const answered = await probe.roundTripMs(withinMs, 0).then(
          () => true,
          () => false,
        );
        if (answered || !probe.isOpen() || (await edge.dial(withinMs)) !== "answered") return undefined;
        return { text: `a connection from before is open and got no answer within ${withinMs} ms, a new one was answered` };
      },
    }),
} satisfies Fault;
