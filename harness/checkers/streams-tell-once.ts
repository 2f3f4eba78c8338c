/** LG-3: an attempt tells of each thing that it does in one event, and of a run that ended well nothing is left out. What the clients have to record is said in `stream-records.ts`. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { isEnd, type StreamEvent, streamRecords, type Truth } from "./stream-records.ts";
import { acknowledgedRuns, endOf, numberField, trailOf } from "./trail.ts";

const told = ({ kind, of }: StreamEvent): string => `"${kind}${of ? ` ${of}` : ""}"`;

/** Of an attempt's events, two that tell of the same. Nothing is known of those that do not say what they tell of. */
function repetition(events: readonly StreamEvent[]): readonly [StreamEvent, StreamEvent] | undefined {
  const known = new Map<string, StreamEvent>();
  for (const event of events) {
    if (event.of === null) continue;
    const key = `${event.attempt} ${told(event)}`;
    const before = known.get(key);
    if (before) return [before, event];
    known.set(key, event);
  }
  return undefined;
}

/** The attempt by which a run ended, and its events, once the store holds the end. */
function lastAttempt({ events, ids, stored }: Truth): readonly StreamEvent[] {
  const all = ids.flatMap((id) => events.get(id) ?? []);
  const end = all.find(isEnd);
  return stored === undefined || end === undefined ? [] : all.filter(({ attempt }) => attempt === end.attempt);
}

/**
 * However often a statement was sent because its answer was lost, what it tells of is in the store once: no two events of an attempt tell of the same. And the attempt by which a run ended in
 * success tells of every step that was asked for.
 */
export const toldOfOnce: Checker = ({ operations, transitions }) => {
  const trail = trailOf(transitions);
  const asked = acknowledgedRuns(operations);
  const found: Counterexample[] = [];
  let examined = 0;
  let whole = 0;
  for (const [run, truth] of streamRecords(operations).truths) {
    const all = truth.ids.flatMap((id) => truth.events.get(id) ?? []);
    const end = endOf(trail.get(run));
    const time = end?.time ?? 0;
    examined += all.filter(({ of }) => of !== null).length;
    const [one, again] = repetition(all) ?? [];
    if (one && again)
      found.push({ time, text: `run ${run} was told of ${told(one)} of attempt ${one.attempt} in event ${one.id} and again in event ${again.id}.` });
    const steps = new Set(lastAttempt(truth).flatMap(({ kind, of }) => (kind === "step" && of ? [of] : [])));
    const wanted = numberField(asked.get(run)?.input ?? null, "steps");
    if (end?.to !== "success" || truth.stored === undefined || steps.size === 0 || !(wanted >= 1)) continue;
    whole++;
    if (steps.size === wanted) continue;
    found.push({
      time,
      text: `run ${run} ended in success at ${at(time)}, and the events of attempt ${end.attempt} tell of ${steps.size} of ${wanted} steps (transition ${end.seq}).`,
    });
  }
  const text = {
    holds: `None of ${examined} events tells of what another one of its attempt had told of, and ${whole} runs that ended in success were told of step by step.`,
    nothing: "No event says what it tells of.",
  };
  return conclude("each thing is told of once", examined, inTime(found), text, { events: examined, wholeRuns: whole });
};
