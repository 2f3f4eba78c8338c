/** FR-8, AB-18, FR-1: where nothing disturbs anybody, a run stays with who has claimed it until it ends. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { calmStretches } from "./calm.ts";
import { at, concludeBound, inTime, outOfReach } from "./judge.ts";
import { claimant, isClaim, isRequeue, trailOf } from "./trail.ts";

/** What a fault has left is taken from the dead by then: a time-out to be sure of what Redis tells, another of the heartbeat, and two looks (ms). */
const looksMs = 2000;

/**
 * No run is given back, by its handler or by another instance, once all faults have been over for two heartbeat time-outs and more: a run that is passed on from attempt to
 * attempt shows signs of life and never ends.
 */
export const nothingGivenBack: Checker = (evidence) => {
  const property = "without a fault no run is given back";
  const timeoutMs = evidence.constants.heartbeatTimeoutMs;
  if (timeoutMs === undefined) return outOfReach(property, "heartbeatTimeoutMs");
  const calm = calmStretches(evidence).map(({ from, to }) => ({ from: from === 0 ? 0 : from + 2 * timeoutMs + looksMs, to }));
  const found: Counterexample[] = [];
  let examined = 0;
  for (const [run, transitions] of trailOf(evidence.transitions)) {
    let handler = "";
    for (const transition of transitions) {
      if (isClaim(transition)) handler = claimant(transition);
      if (!calm.some(({ from, to }) => transition.time >= from && transition.time <= to)) continue;
      if (isClaim(transition)) examined++;
      if (!isRequeue(transition)) continue;
      const text = `run ${run} was given back at ${at(transition.time)} by ${transition.by || "someone"}, in attempt ${transition.attempt}, which ${handler || "someone"} had claimed, and nothing had disturbed anybody (transition ${transition.seq}).`;
      found.push({ time: transition.time, text });
    }
  }
  const text = {
    holds: `None of ${examined} runs that were claimed while nothing disturbed anybody was given back.`,
    nothing: "No run was claimed while nothing disturbed anybody.",
  };
  return concludeBound(evidence, timeoutMs, conclude(property, examined, inTime(found), text, { claims: examined }));
};
