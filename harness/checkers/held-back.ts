/** AB-3: nothing between an instance and its client holds events back: an event of a step is at the client soon after the step was done. */
import type { LedgerEntry } from "../core/records.ts";
import { ascending, largest, quantileOfSorted } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
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

/**
 * The event of a step reaches each client that was connected by then within `boundMs` of the step at the judge's ledger, while later steps are still to come; one that
 * there was, and that never came on a connection that stayed open for so long, was held back as well. Only steps are judged that another one follows `boundMs` and more
 * later: of the others nobody can say that they were held back for it.
 */
export function notHeldBack({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence) => {
    const steps = stepsByRun(evidence.ledger);
    const found: Counterexample[] = [];
    const took: number[] = [];
    let neverCame = 0;
    const { streams, truths } = streamRecords(evidence.operations);
    const untilOf = waitedUntil(evidence.operations);
    for (const stream of streams) {
      const own = steps.get(stream.run) ?? [];
      const last = own.at(-1)?.time ?? 0;
      const events = stepEvents(stream);
      const due = (step: LedgerEntry | undefined): step is LedgerEntry =>
        step !== undefined && stream.operation.invokedAt <= step.time && last - step.time >= boundMs;
      const until = untilOf(stream);
      const never = own
        .slice(stream.lastEventId > 0 ? own.length : events.length, toldOf(truths.get(stream.run)))
        .find((step) => due(step) && until - step.time > boundMs + toleranceMs(evidence));
      if (never) {
        neverCame++;
        const text = `step ${never.step} of run ${stream.run} was done at ${at(never.time)} (ledger ${never.seq}), and its event had not reached ${stream.operation.process} by ${at(until)}, ${ms(until - never.time)} later; ${ms(boundMs)} are allowed (operation ${stream.operation.index}).`;
        found.push({ time: never.time, text });
      }
      for (const [n, event] of events.entries()) {
        const step = own[n];
        if (!due(step) || !Number.isFinite(event.at)) continue;
        const heldMs = event.at - step.time;
        took.push(heldMs);
        if (heldMs <= boundMs + toleranceMs(evidence)) continue;
        const text = `step ${n + 1} of run ${stream.run} was done at ${at(step.time)} (ledger ${step.seq}), and its event ${event.id} reached ${stream.operation.process} ${ms(heldMs)} later; ${ms(boundMs)} are allowed (operation ${stream.operation.index}).`;
        found.push({ time: step.time, text });
      }
    }
    const sorted = ascending(took);
    const numbers = took.length === 0 ? {} : { p50Ms: quantileOfSorted(sorted, 0.5), p99Ms: quantileOfSorted(sorted, 0.99), maxMs: largest(sorted) };
    const text = {
      holds: `All ${took.length} events of steps that others followed later were at their clients within ${ms(largest(took))}.`,
      nothing: "No event of a step that another one followed later was streamed.",
    };
    return concludeBound(
      evidence,
      boundMs,
      conclude("events are not held back", took.length + neverCame, inTime(found), text, { events: took.length, ...numbers }),
    );
  };
}
