/** AB-3: an answer that is asked for event by event comes through the balancer event by event, not in one piece at its end (`await-tokens`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

/** Fewer whole answers than this decide nothing. */
const least = 3;

/**
 * While an answer's work lasts there is always an event soon: no client waits longer than `boundMs` for the next one. Answers that were cut off or refused are not examined, nor
 * is work that takes no longer than the bound.
 */
export function answersEventByEvent({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let longestMs = 0;
    for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(evidence.faults, "await-tokens")) {
      const { workMs = 0, whole = 0, silentMs } = numbers;
      if (whole < least || silentMs === undefined || workMs <= boundMs) continue;
      examined += whole;
      longestMs = Math.max(longestMs, silentMs);
      if (silentMs <= boundMs + toleranceMs(evidence, boundMs)) continue;
      const text = `of ${whole} answers that were asked for event by event, and took ${ms(workMs)} of work, one brought no event for ${ms(silentMs)} of it; ${ms(boundMs)} are allowed (${id} at ${at(time)}).`;
      found.push({ time, until, text });
    }
    const text = {
      holds: `All ${examined} answers that were asked for event by event brought one every ${ms(longestMs)} at least.`,
      nothing: `Fewer than ${least} answers that were asked for event by event came to their end.`,
    };
    const numbers = examined === 0 ? {} : { silentMs: longestMs };
    return concludeBound(evidence, boundMs, conclude("answers come event by event", examined, inTime(found), text, numbers));
  };
}
