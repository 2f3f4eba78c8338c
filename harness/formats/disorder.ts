/**
 * Histories whose lines stand in another order than their events: merged from several recorders, or sorted by something else. Where an index or the times say
 * in which order the events happened, they decide. Pure.
 */
import { Malformed, Unpaired } from "./cursor.ts";
import type { HistoryEvent, Reading } from "./event.ts";
import { createPairing, type Pairing } from "./pairing.ts";

/** Collects all events, and pairs them at the end; needs room for all of them. */
export function createSortedPairing(reading: Reading): Pairing {
  const events: HistoryEvent[] = [];
  return {
    add(event) {
      events.push(event);
    },
    finish() {
      if (reading.order === "times") assertNotAClock(events);
      const sorted = reading.order === "times" ? byTime(events) : byIndex(events);
      const pairing = createPairing(reading, true);
      for (const event of sorted) pairing.add(event);
      const { operations, notes } = pairing.finish();
      const by = reading.order === "times" ? "times" : "indices";
      return { operations, notes: [`The lines are not in the order of their ${by}: the ${by} were followed.`, ...notes] };
    },
  };
}

/** Lines that pair well as they stand are in their order; then it is the clock that stepped back, and nothing can be said of the order of the events. */
function assertNotAClock(events: readonly HistoryEvent[]): void {
  const open = new Map<string, string>();
  for (const { process, type, f } of events) {
    const pending = open.get(process);
    if ((pending === undefined) !== (type === "invoke") || (pending ?? f) !== f) return;
    if (type === "invoke") open.set(process, f);
    else open.delete(process);
  }
  throw new Malformed(1, "The clock stepped back within a process.");
}

function byIndex(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const isOrder = new Set(events.map((event) => event.index)).size === events.length;
  return isOrder ? events.toSorted((a, b) => a.index - b.index) : events;
}

/** By time; of one process's events at one time, each comes where it can: an invocation when nothing is open, a completion when its like is. */
function byTime(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const sorted = events.toSorted((a, b) => a.timeMs - b.timeMs);
  const placed: HistoryEvent[] = [];
  const open = new Map<string, string>();
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to]?.timeMs === sorted[from]?.timeMs) to++;
    let waiting = sorted.slice(from, to);
    for (let before = -1; before !== placed.length; ) {
      before = placed.length;
      waiting = waiting.filter((event) => {
        const isInvocation = event.type === "invoke";
        if (open.get(event.process) !== (isInvocation ? undefined : event.f)) return true;
        placed.push(event);
        if (isInvocation) open.set(event.process, event.f);
        else open.delete(event.process);
        return false;
      });
    }
    placed.push(...waiting);
  }
  return placed;
}

/** Whether reading the same events in their own order may help. */
export const mayBeDisorder = (error: unknown): boolean => error instanceof Unpaired;
