/** LG-3, FR-5: whether streams met the kill of the instance that carried them, without which nobody resumed because of one. */
import type { Operation } from "../core/history.ts";
import type { Checker } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { assume } from "./judge.ts";
import { streamRecords } from "./stream-records.ts";

/** The balancer tells the client that its stream has lost its instance: within this time (ms). */
const noticedWithinMs = 1000;

/**
 * The kills of instances have cut off streams that these carried, and from at least so many of the places (a run, and the last event that came) a client has
 * gone on; else the experiment is inconclusive. Never accuses.
 */
export function streamsCut({ atLeast }: { readonly atLeast: number }): Checker {
  return ({ operations, faults }) => {
    const { streams } = streamRecords(operations);
    const kills = seenBiting(faults, "kill");
    const byKill = ({ by, outcome, answeredAt }: Operation): boolean =>
      outcome === "info" &&
      kills.some(({ on, requestedAt, bitingAt }) => on === by && requestedAt <= answeredAt && answeredAt <= bitingAt + noticedWithinMs);
    const cutAt = new Map<string, number>();
    for (const { operation, run, events } of streams)
      if (events.length > 0 && byKill(operation)) cutAt.set(`${run} ${events.at(-1)?.id}`, operation.answeredAt);
    const resumed = new Set(
      streams.flatMap(({ operation, run, lastEventId, events }) => {
        const place = `${run} ${lastEventId}`;
        return events.length > 0 && operation.invokedAt >= (cutAt.get(place) ?? Number.POSITIVE_INFINITY) ? [place] : [];
      }),
    );
    const seen = `${kills.length} kills cut off the streams of their instances in ${cutAt.size} places, and clients went on from ${resumed.size} of them`;
    const found = resumed.size < atLeast ? [{ time: kills[0]?.requestedAt ?? 0, text: `${seen}; ${atLeast} are needed.` }] : [];
    const text = { holds: `${seen}.`, nothing: "No stream was opened." };
    return assume("streams met a kill", streams.length, found, text, { placesCut: cutAt.size, placesResumed: resumed.size });
  };
}
