/** AB-3, AB-10: an answer that is asked for event by event comes through the balancer event by event, not in one piece at its end, and to its end (`await-tokens`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { injectionsOf, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
import { unlessStandstill } from "./undisturbed.ts";

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

/**
 * Every client that asks for an answer event by event gets it to its last event, whatever an operator changes meanwhile: it cannot go on elsewhere where it was cut off. Examined are
 * answers during which something was changed. Right for experiments whose faults cut off or refuse nobody.
 */
export const answersComeWhole: Checker = (evidence) => {
  const found: Counterexample[] = [];
  const changes = injectionsOf(evidence.faults).filter(({ fault }) => fault !== "await-tokens");
  let examined = 0;
  for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(evidence.faults, "await-tokens")) {
    const { clients = 0, workMs = 0, whole = 0 } = numbers;
    if (changes.some(({ requestedAt, healedAt }) => requestedAt < until && healedAt > time)) examined += clients;
    if (whole === clients) continue;
    const text = `${clients - whole} of ${clients} clients that were told an answer of ${ms(workMs)} event by event did not get its last event (${id} at ${at(time)}).`;
    found.push({ time, until, text });
  }
  const text = {
    holds: `All ${examined} answers that were told event by event while something was changed came to their end.`,
    nothing: "Nobody was told an answer event by event while something was changed.",
  };
  return unlessStandstill(evidence, conclude("answers come to their end", examined, inTime(found), text, { answers: examined }));
};
