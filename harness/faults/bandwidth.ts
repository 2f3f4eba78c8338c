import type { Fault } from "./fault.ts";
import { edgeStrike, quickest, streamsOf, toxics } from "./tools/edge-strike.ts";

/** The probe's payload takes this long in each limited direction. */
const payloadMs = 250;

export default {
  what: "The edges carry `kilobytesPerSecond` only, for each connection, both ways or in the direction `stream`.",
  prepare(context) {
    const rate = Number(context.options.kilobytesPerSecond);
    const streams = streamsOf(context);
    const payloadBytes = rate * payloadMs;
    const addedMs = streams.length * payloadMs;
    return edgeStrike(context, {
      payloadBytes,
      addedMs,
      strike: toxics(streams.map((stream) => ({ type: "bandwidth", stream, attributes: { rate } }))),
      async shows(_edge, { probe, roundTripMs }) {
        const ms = await quickest(probe, payloadBytes);
        if (ms < roundTripMs + 0.8 * addedMs) return undefined;
        const text = `${payloadBytes} bytes there and back take ${ms.toFixed(1)} ms, they took ${roundTripMs.toFixed(1)} ms before`;
        return { text, numbers: { roundTripMs: ms, payloadBytes } };
      },
    });
  },
} satisfies Fault;
