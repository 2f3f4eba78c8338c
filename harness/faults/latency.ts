import type { Fault } from "./fault.ts";
import { edgeStrike, quickest, streamsOf, toxics } from "./tools/edge-strike.ts";

export default {
  what: "Every message on the edges is late by `latencyMs`, give or take `jitterMs`, both ways or in the direction `stream`.",
  prepare(context) {
    const latency = Number(context.options.latencyMs);
    const jitter = Number(context.options.jitterMs ?? 0);
    const streams = streamsOf(context);
    const addedMs = streams.length * (latency - jitter);
    return edgeStrike(context, {
      addedMs,
      strike: toxics(streams.map((stream) => ({ type: "latency", stream, attributes: { latency, jitter } }))),
      async shows(_edge, { probe, roundTripMs }) {
        const ms = await quickest(probe, 0);
        if (ms < roundTripMs + 0.8 * addedMs) return undefined;
        return { text: `a round trip takes ${ms.toFixed(1)} ms, it took ${roundTripMs.toFixed(1)} ms before`, numbers: { roundTripMs: ms } };
      },
    });
  },
} satisfies Fault;
