/** LG-3, FR-5: whoever follows a run gets all of it, its end included. What the clients have to record is said in `stream-records.ts`. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { lastHealedAt } from "./injections.ts";
import { at, concludeBound, inTime, toleranceMs, withDoubts } from "./judge.ts";
import { busyFor } from "./saturation.ts";
import { isEnd, type Stream, streamRecords, waitedUntil } from "./stream-records.ts";
import { endOf, trailOf } from "./trail.ts";

/** A client's connections are one process each, numbered after its name: `stream7a.1`, `stream7a.2`. */
const clientOf = ({ operation, run }: Stream): string => `${run} ${operation.process.replace(/\.\d+$/, "")}`;

/**
 * A client that is told that there is nothing more has got everything after the event from which it first asked, and whoever waited for longer than `withinMs`
 * after the run's end and the last heal has got its end, even if the store never got one. Clients that went away before are not judged.
 */
export function streamsWhole({ withinMs }: { readonly withinMs: number }): Checker {
  return (evidence) => {
    const { operations, transitions, faults, samples } = evidence;
    const { streams, truths } = streamRecords(operations);
    const trail = trailOf(transitions);
    const healedAt = Math.max(0, lastHealedAt(faults));
    const untilOf = waitedUntil(operations);
    const found: Counterexample[] = [];
    const late: Counterexample[] = [];
    const doubtful: Counterexample[] = [];
    let examined = 0;
    for (const [, unordered] of Map.groupBy(streams, clientOf)) {
      const connections = [...unordered].sort((a, b) => a.operation.invokedAt - b.operation.invokedAt);
      const [first] = connections;
      const last = connections.at(-1);
      const end = first && endOf(trail.get(first.run));
      const truth = first && truths.get(first.run);
      if (first === undefined || last === undefined || end === undefined || truth === undefined) continue;
      const events = connections.flatMap((connection) => connection.events);
      const got = new Set(events.map(({ id }) => id));
      const ended = events.some(isEnd);
      // Nothing more to come: the answer to a client that names what it has, without any event.
      const toldOver = last.operation.outcome === "ok" && last.events.length === 0;
      const until = untilOf(last);
      const waitedMs = until - Math.max(end.time, healedAt);
      // Who broke off by himself and did not ask again has nothing to complain of.
      const brokeOff = last.operation.outcome === "ok" && last.events.length > 0 && !ended;
      const inVain = !ended && !toldOver && waitedMs > withinMs + toleranceMs(evidence, withinMs);
      // Who was told of an end is held against the store; who waited for it in vain has missed it, whatever the store holds.
      const isOver = (ended || toldOver) && truth.stored !== undefined;
      if (brokeOff || (!isOver && !inVain)) continue;
      examined++;
      const missing = truth.ids.filter((id) => id > first.lastEventId && !got.has(id));
      if (missing.length === 0 && (!inVain || truth.stored !== undefined)) continue;
      const how = ended
        ? "was sent its end"
        : toldOver
          ? "was told that there is nothing more"
          : `still waited ${Math.round(waitedMs)} ms after its end`;
      const kind = truth.events.get(missing[0] ?? Number.NaN)?.kind;
      const many = missing.length === 1 ? `event ${missing[0]}` : `${missing.length} events from ${missing[0]} to ${missing.at(-1)}`;
      const what = missing.length === 0 ? "an event that says so, nor had anybody" : `${many} ("${kind}")`;
      const which = first === last ? `operation ${last.operation.index}` : `operations ${first.operation.index} to ${last.operation.index}`;
      const text = `a client of run ${first.run} ${how} at ${at(until)} and had never got ${what} (${which}).`;
      // Only who was told of an end that is none was certainly cheated; to the others it may still have come.
      const since = Math.max(end.time, healedAt);
      if (ended || toldOver) found.push({ time: until, text });
      else if (busyFor(samples, since, until) !== undefined) doubtful.push({ time: until, text });
      else late.push({ time: since, until, text });
    }
    const text = {
      holds: `All ${examined} clients that followed a run to its end got all of its events.`,
      nothing: "No client followed a run to its end.",
    };
    const told = (of: readonly Counterexample[]) => conclude("all of a run to its end", examined, inTime(of), text, { followedToTheEnd: examined });
    const check = found.length > 0 ? told([...found, ...late]) : concludeBound(evidence, withinMs, told(late));
    return withDoubts(check, inTime(doubtful));
  };
}
