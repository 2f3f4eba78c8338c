/** AB-3: nothing between an instance and its client holds events back: an event of a step is at the client soon after the next step has begun. */
import type { LedgerEntry } from "../core/records.ts";
import { ascending, largest, quantileOfSorted } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { at, concludeBound, inTime, ms, toleranceMs, withDoubts } from "./judge.ts";
import { type Stream, type StreamEvent, streamRecords, type Truth, waitedUntil } from "./stream-records.ts";

/** The ledger's steps of first attempts, by run: the n-th step is at index n - 1. */
function stepsByRun(ledger: readonly LedgerEntry[]): ReadonlyMap<string, readonly LedgerEntry[]> {
  const steps = new Map<string, LedgerEntry[]>();
  for (const entry of ledger) {
    if (entry.scope !== "run" || entry.kind !== "step" || entry.token !== 1) continue;
    const own = steps.get(entry.subject) ?? [];
    steps.set(entry.subject, own);
    own[entry.step - 1] ??= entry;
  }
  return steps;
}

/** The events of a stream that tell of steps of the first attempt, if it has all of them from the first: the n-th tells of step n. */
function stepEvents({ lastEventId, events }: Pick<Stream, "lastEventId" | "events">): readonly StreamEvent[] {
  return lastEventId > 0 ? [] : events.filter(({ kind, attempt }) => kind === "step" && attempt === 1);
}

/** How many steps of the first attempt were told of to anybody, or are in the store. */
function toldOf(truth: Truth | undefined): number {
  return stepEvents({ lastEventId: 0, events: [...(truth?.events.values() ?? [])] }).length;
}

/** Whether an instance was looked at between two times and answered none of the looks: it is late with everything, for want of a processor it may be, and holds nothing back in particular. */
function isSilent({ samples }: Evidence, instance: string, from: number, to: number): boolean {
  const looks = samples.filter(({ source, time }) => source === instance && time >= from && time <= to);
  return looks.length > 0 && looks.every(({ values }) => values.lagMs === undefined && values.ready !== 1);
}

/**
 * The event of a step reaches each client that was connected by then within `boundMs` of the next step at the judge's ledger, which begins when the event is in the store: what a busy handler takes
 * until then holds nothing back. One that there was, and that never came on a connection that stayed open for so long, was held back as well. Only steps are judged after
 * which the run went on for `boundMs` and more: of the others nobody can say that they were held back for its end.
 */
export function notHeldBack({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence) => {
    const steps = stepsByRun(evidence.ledger);
    const found: Counterexample[] = [];
    const doubtful: Counterexample[] = [];
    const took: number[] = [];
    let neverCame = 0;
    const { streams, truths } = streamRecords(evidence.operations);
    const untilOf = waitedUntil(evidence.operations);
    for (const stream of streams) {
      const own = steps.get(stream.run) ?? [];
      const last = own.at(-1)?.time ?? 0;
      const events = stepEvents(stream);
      /** The next step, where this one is judged. */
      const after = (n: number): LedgerEntry | undefined => {
        const [step, next] = [own[n], own[n + 1]];
        return step && next && stream.operation.invokedAt <= step.time && last - next.time >= boundMs ? next : undefined;
      };
      const until = untilOf(stream);
      const missing = Array.from({ length: stream.lastEventId > 0 ? 0 : toldOf(truths.get(stream.run)) }, (_, n) => n).slice(events.length);
      const never = missing.find((n) => until - (after(n)?.time ?? Number.POSITIVE_INFINITY) > boundMs + toleranceMs(evidence, boundMs));
      const next = never === undefined ? undefined : after(never);
      if (never !== undefined && next) {
        neverCame++;
        const text = `step ${never + 1} of run ${stream.run} was followed by the next one at ${at(next.time)} (ledger ${next.seq}), and its event had not reached ${stream.operation.process} by ${at(until)}, ${ms(until - next.time)} later; ${ms(boundMs)} are allowed (operation ${stream.operation.index}).`;
        (isSilent(evidence, stream.operation.by, next.time, until) ? doubtful : found).push({ time: next.time, text });
      }
      for (const [n, event] of events.entries()) {
        const step = after(n);
        if (!step || !Number.isFinite(event.at)) continue;
        const heldMs = Math.max(0, event.at - step.time);
        took.push(heldMs);
        if (heldMs <= boundMs + toleranceMs(evidence, boundMs)) continue;
        const text = `step ${n + 1} of run ${stream.run} was followed by the next one at ${at(step.time)} (ledger ${step.seq}), and its event ${event.id} reached ${stream.operation.process} ${ms(heldMs)} later; ${ms(boundMs)} are allowed (operation ${stream.operation.index}).`;
        (isSilent(evidence, stream.operation.by, step.time, event.at) ? doubtful : found).push({ time: step.time, text });
      }
    }
    const sorted = ascending(took);
    const numbers = took.length === 0 ? {} : { p50Ms: quantileOfSorted(sorted, 0.5), p99Ms: quantileOfSorted(sorted, 0.99), maxMs: largest(sorted) };
    const text = {
      holds: `All ${took.length} events of steps that others followed later were at their clients within ${ms(largest(took))}.`,
      nothing: "No event of a step that another one followed later was streamed.",
    };
    const check = conclude("events are not held back", took.length + neverCame, inTime(found), text, { events: took.length, ...numbers });
    return withDoubts(concludeBound(evidence, boundMs, check), inTime(doubtful));
  };
}
