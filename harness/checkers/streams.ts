/** LG-3, FR-4, FR-5: what a stream of a run's events promises, one named guarantee a checker. What the clients have to record is said in `stream-records.ts`. */
import { ascending, largest, quantileOfSorted } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
import { isEnd, type Stream, type StreamEvent, streamRecords, waitedUntil } from "./stream-records.ts";

/** A sentence about an event of a stream, told at the time at which it came. */
function about({ operation, run }: Stream, event: Pick<StreamEvent, "at"> | undefined, text: string): Counterexample {
  const time = event && Number.isFinite(event.at) ? event.at : operation.invokedAt;
  return { time, text: `stream of ${run} to ${operation.process} (operation ${operation.index}, at ${at(time)}): ${text}.` };
}

const nothing = "No event of a stream was received.";
const countEvents = (streams: readonly Stream[]): number => streams.reduce((total, { events }) => total + events.length, 0);

/** Ids increase as numbers, and the number of the attempt never goes back. */
export const streamsOrdered: Checker = ({ operations }) => {
  const { streams } = streamRecords(operations);
  const found: Counterexample[] = [];
  for (const stream of streams) {
    for (const [i, event] of stream.events.entries()) {
      const before = stream.events[i - 1];
      if (!Number.isSafeInteger(event.id)) found.push(about(stream, event, `an event has no id that is an integer`));
      else if (before && event.id < before.id) found.push(about(stream, event, `event ${event.id} came after event ${before.id}`));
      else if (before && event.attempt < before.attempt)
        found.push(about(stream, event, `event ${event.id} of attempt ${event.attempt} came after event ${before.id} of attempt ${before.attempt}`));
    }
  }
  const examined = countEvents(streams);
  const holds = `All ${examined} events of ${streams.length} streams came in order.`;
  return conclude("events in order", examined, inTime(found), { holds, nothing }, { events: examined, streams: streams.length });
};

/** A stream brings each event once and none that its `Last-Event-ID` says is known already; and one id is one event for everybody. */
export const streamsUnique: Checker = ({ operations }) => {
  const { streams, truths } = streamRecords(operations);
  const found: Counterexample[] = [];
  for (const stream of streams) {
    const seen = new Set<number>();
    for (const event of stream.events) {
      const known = truths.get(stream.run)?.events.get(event.id);
      if (seen.has(event.id)) found.push(about(stream, event, `event ${event.id} came twice`));
      else if (event.id <= stream.lastEventId)
        found.push(about(stream, event, `event ${event.id} came again, although the client had asked for what follows event ${stream.lastEventId}`));
      else if (known && (known.kind !== event.kind || known.attempt !== event.attempt))
        found.push(
          about(
            stream,
            event,
            `event ${event.id} is "${event.kind}" of attempt ${event.attempt} here and "${known.kind}" of attempt ${known.attempt} elsewhere`,
          ),
        );
      seen.add(event.id);
    }
  }
  const examined = countEvents(streams);
  return conclude("events once", examined, inTime(found), { holds: `None of ${examined} events came twice.`, nothing }, { events: examined });
};

/** Between the first and the last event of a stream nothing is missing that the store holds or another client was sent. */
export const streamsGapFree: Checker = ({ operations }) => {
  const { streams, truths } = streamRecords(operations);
  const found: Counterexample[] = [];
  for (const stream of streams) {
    const own = new Set(stream.events.map(({ id }) => id));
    const first = stream.events[0];
    const last = largest([...own]);
    if (first === undefined) continue;
    const missing = (truths.get(stream.run)?.ids ?? []).filter((id) => id > first.id && id < last && !own.has(id));
    const after = stream.events.find(({ id }) => id > (missing[0] ?? last));
    if (missing.length > 0) found.push(about(stream, after, `${list(missing)} never came, although event ${last} did`));
  }
  const examined = countEvents(streams);
  const holds = `${streams.length} streams with ${examined} events have no gap.`;
  return conclude("no gap in a stream", examined, inTime(found), { holds, nothing }, { events: examined });
};

/** What a client was sent is in the store once the run has ended, and whenever the store is looked at later: nothing is sent before it is durable, the end included. */
export const streamsDurable: Checker = ({ operations }) => {
  const { streams, truths } = streamRecords(operations);
  const found: Counterexample[] = [];
  let examined = 0;
  for (const stream of streams) {
    const { stored, looked } = truths.get(stream.run) ?? {};
    for (const event of stream.events) {
      const held = stored ?? (looked && event.at < looked.at ? looked.ids : undefined);
      if (held === undefined) continue;
      examined++;
      if (!held.has(event.id)) found.push(about(stream, event, `event ${event.id} was sent, and the store does not hold it`));
    }
  }
  const text = {
    holds: `The store holds all ${examined} events that were sent.`,
    nothing: "No run's events were read from the store after its end.",
  };
  return conclude("durable before it is sent", examined, inTime(found), text, { events: examined });
};

/** Whoever asks for what follows event n gets the next event first, for every n that was tried. Also holds of n = 0, from the beginning. */
export const streamsResumable: Checker = ({ operations }) => {
  const { streams, truths } = streamRecords(operations);
  const found: Counterexample[] = [];
  const tried = new Set<string>();
  let positions = 0;
  for (const { ids } of truths.values()) positions += ids.length;
  let examined = 0;
  for (const stream of streams) {
    const next = truths.get(stream.run)?.ids.find((id) => id > stream.lastEventId);
    const first = stream.events[0];
    if (first === undefined || next === undefined) continue;
    examined++;
    tried.add(`${stream.run}\n${stream.lastEventId}`);
    if (first.id > next)
      found.push(
        about(stream, first, `asked for what follows event ${stream.lastEventId}, it began with event ${first.id} and left out event ${next}`),
      );
  }
  const numbers = { resumes: examined, positionsTried: tried.size, positions };
  const holds = `${examined} streams began with the event that follows the one named, from ${tried.size} of ${positions} positions.`;
  return conclude("resumable from every id", examined, inTime(found), { holds, nothing }, numbers);
};

/** Nothing follows the event that ends a run, in a stream or in the store. */
export const nothingAfterTheEnd: Checker = ({ operations }) => {
  const { streams, truths } = streamRecords(operations);
  const found: Counterexample[] = [];
  let ends = 0;
  for (const stream of streams) {
    const end = stream.events.findIndex(isEnd);
    const after = end < 0 ? undefined : stream.events[end + 1];
    if (after) found.push(about(stream, after, `event ${after.id} ("${after.kind}") came after event ${stream.events[end]?.id}, the end`));
  }
  for (const [run, { ids, events }] of truths) {
    const end = ids.find((id) => isEnd(events.get(id) as StreamEvent));
    const last = ids[ids.length - 1];
    if (end === undefined || last === undefined) continue;
    ends++;
    if (last > end) found.push({ time: 0, text: `run ${run} has event ${last} ("${events.get(last)?.kind}") after event ${end}, its end.` });
  }
  const text = { holds: `Nothing follows the end of ${ends} runs.`, nothing: "No end of a run was streamed." };
  return conclude("no event after the end", ends, inTime(found), text, { ends });
};

/** A stream is never silent for longer than `boundMs`: without events it sends comments, so that proxies and clients know that it lives. */
export function streamsAlive({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence) => {
    const streams = streamRecords(evidence.operations).streams.filter(({ silenceMaxMs }) => Number.isFinite(silenceMaxMs));
    const untilOf = waitedUntil(evidence.operations);
    const found = streams
      .filter(({ silenceMaxMs }) => silenceMaxMs > boundMs + toleranceMs(evidence, boundMs))
      .map((stream) => {
        const told = about(stream, undefined, `nothing was sent for ${ms(stream.silenceMaxMs)}; at most ${ms(boundMs)} is allowed`);
        // When it was silent, nobody noted: at some time for which it was open.
        return { ...told, until: untilOf(stream) };
      });
    const longest = largest(streams.map(({ silenceMaxMs }) => silenceMaxMs));
    const text = {
      holds: `None of ${streams.length} streams was silent for longer than ${ms(longest)}.`,
      nothing: "No silence of a stream was measured.",
    };
    const check = conclude("heartbeat", streams.length, inTime(found), text, streams.length > 0 ? { silenceMaxMs: longest } : {});
    return concludeBound(evidence, boundMs, check);
  };
}

/**
 * An event that another client had already been sent when a client asked for it reaches that client within `boundMs` of the question. A client that was refused was
 * answered; one that was sent nothing had waited in vain for as long as its connection was open.
 */
export function firstEventInTime({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence) => {
    const { streams, truths } = streamRecords(evidence.operations);
    const sentAt = new Map<string, number>();
    for (const { run, events } of streams)
      for (const { id, at: time } of events) if (time < (sentAt.get(`${run}\n${id}`) ?? Number.POSITIVE_INFINITY)) sentAt.set(`${run}\n${id}`, time);
    const untilOf = waitedUntil(evidence.operations);
    const allowedMs = boundMs + toleranceMs(evidence, boundMs);
    const found: Counterexample[] = [];
    const latenciesMs: number[] = [];
    for (const stream of streams) {
      const first = stream.events[0];
      const { invokedAt, error } = stream.operation;
      const id = first ? first.id : truths.get(stream.run)?.ids.find((one) => one > stream.lastEventId);
      const wasThere = (sentAt.get(`${stream.run}\n${id}`) ?? invokedAt) + evidence.deltaMs < invokedAt;
      if (!wasThere || (first && !Number.isFinite(first.at))) continue;
      const latencyMs = first ? first.at - invokedAt : untilOf(stream) - invokedAt;
      const inVain = first === undefined && latencyMs > allowedMs && !/^status /.test(error);
      if (first === undefined && !inVain) continue;
      if (first) latenciesMs.push(latencyMs);
      const how = first ? `came after ${ms(latencyMs)}` : `had not come after ${ms(latencyMs)}`;
      if (latencyMs > allowedMs)
        found.push(about(stream, first, `event ${id} was there before the client asked and ${how}; ${ms(boundMs)} are allowed`));
    }
    const sorted = ascending(latenciesMs);
    const [p50, p99] = [quantileOfSorted(sorted, 0.5), quantileOfSorted(sorted, 0.99)];
    const text = {
      holds: `Of ${sorted.length} streams of runs under way the first event came within ${ms(largest(sorted))}.`,
      nothing: "No stream was joined after its first event had been sent to somebody.",
    };
    const numbers = sorted.length > 0 ? { firstEventP50Ms: p50, firstEventP99Ms: p99, firstEventMaxMs: largest(sorted) } : {};
    return concludeBound(evidence, boundMs, conclude("first event in time", sorted.length, inTime(found), text, numbers));
  };
}

function list(ids: readonly number[]): string {
  const [first, last] = [ids[0], ids[ids.length - 1]];
  return ids.length === 1 ? `event ${first}` : `${ids.length} events from ${first} to ${last}`;
}
