/** LG-9, HS-15: an instance that is told to stop takes nothing more, gives back what it cannot finish, and ends in time (SEMANTICS, LG-9). */
import type { Transition } from "../core/records.ts";
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { named, sectionsOf } from "./sections.ts";
import { claimant, isClaim, isRequeue, isTerminal, trailOf } from "./trail.ts";

/** A claim that is in flight when the signal comes may still show at the ledger for this long (ms). */
const inFlightMs = 500;

/** Faults that tell an instance to end. */
const polite: readonly string[] = ["terminate", "terminate-active"];

/** Writes that take so much longer at most keep nobody from giving back in time (ms). */
const slightMs = 50;
const isSlight = ({ fault, numbers }: Injection): boolean => fault === "slow-writes" && (numbers.delayMs ?? Number.POSITIVE_INFINITY) <= slightMs;

/** Polite ends that nothing else disturbed: with the database away, giving back has to wait for it. */
function politeEnds(evidence: Evidence): readonly Injection[] {
  const all = injectionsOf(evidence.faults);
  const meanwhile = (end: Injection): boolean =>
    all.some(
      (other) =>
        other !== end && !polite.includes(other.fault) && !isSlight(other) && other.requestedAt <= end.healingAt && other.healedAt >= end.requestedAt,
    );
  return all.filter((one) => polite.includes(one.fault) && one.bitingAt !== Number.POSITIVE_INFINITY && !meanwhile(one));
}

/** No attempt begins on an instance later than 500 ms after it was told to stop. */
export const claimsNothingMore: Checker = (evidence) => {
  const ends = politeEnds(evidence);
  const found: Counterexample[] = [];
  let begun = 0;
  for (const section of sectionsOf(evidence.ledger, "run").all) {
    for (const end of ends) {
      if (end.on !== section.instance || section.enteredAt < end.requestedAt || section.enteredAt > end.healingAt) continue;
      begun++;
      if (section.enteredAt <= end.requestedAt + inFlightMs + toleranceMs(evidence)) continue;
      const late = ms(section.enteredAt - end.requestedAt);
      const text = `${named(section)} of run ${section.subject} began ${late} after the instance had been told to stop (${end.id}, ledger ${section.enteredSeq}, at ${at(section.enteredAt)}).`;
      found.push({ time: section.enteredAt, text });
    }
  }
  const text = {
    holds: `None of ${ends.length} instances that were told to stop began an attempt later than ${inFlightMs} ms after.`,
    nothing: "No instance was told to stop while nothing else disturbed it.",
  };
  const examined = sectionsOf(evidence.ledger, "run").all.length === 0 ? 0 : ends.length;
  const check = conclude("claims nothing after the signal", examined, inTime(found), text, { politeEnds: ends.length, begunInFlight: begun });
  return concludeBound(evidence, inFlightMs, check);
};

/**
 * What an instance was executing when it was told to stop has ended, or was given back by the instance itself, before its process is gone; so has what it claimed from
 * shortly before on and never began.
 */
export const givesBack: Checker = (evidence) => {
  const trail = trailOf(evidence.transitions);
  const tolerance = toleranceMs(evidence);
  const { all, bySubject } = sectionsOf(evidence.ledger, "run");
  const found: Counterexample[] = [];
  let examined = 0;
  let givenBack = 0;
  const ends = politeEnds(evidence);
  const judge = (end: Injection, transitions: readonly Transition[], claimed: number, what: string): void => {
    const left = transitions.slice(claimed + 1).find((transition) => transition.to !== "running");
    // Taken from it before it was told to stop: nothing of it was under way, whatever it believed.
    if (left && left.by !== end.on && left.time < end.requestedAt + evidence.deltaMs) return;
    examined++;
    if (left && isRequeue(left)) givenBack++;
    if (left && left.time <= end.bitingAt + tolerance && (isTerminal(left.to) || left.by === end.on || left.by === "")) return;
    found.push({ time: end.requestedAt, text: leftBehind(what, end, left) });
  };
  for (const section of all) {
    const end = ends.find(
      (one) => one.on === section.instance && section.enteredAt <= one.requestedAt + inFlightMs && section.endAt >= one.requestedAt,
    );
    const transitions = trail.get(section.subject) ?? [];
    const claimed = transitions.findIndex((transition) => transition.to === "running" && transition.attempt === section.token);
    if (end === undefined || claimed === -1) continue;
    judge(end, transitions, claimed, `${named(section)} of run ${section.subject} was under way (ledger ${section.enteredSeq})`);
  }
  for (const [run, transitions] of all.length === 0 ? [] : trail) {
    for (const [i, claim] of transitions.entries()) {
      if (!isClaim(claim) || bySubject.get(run)?.some(({ token }) => token === claim.attempt)) continue;
      const end = ends.find((one) => one.on === claimant(claim) && claim.time >= one.requestedAt - inFlightMs && claim.time <= one.bitingAt);
      if (end) judge(end, transitions, i, `attempt ${claim.attempt} of run ${run} was claimed and not begun (transition ${claim.seq})`);
    }
  }
  const text = {
    holds: `All ${examined} attempts that were under way when their instance was told to stop ended or were given back by it before it was gone (${givenBack} given back).`,
    nothing: "No attempt was under way when its instance was told to stop.",
  };
  return conclude("gives back what it cannot finish", examined, inTime(found), text, { underWay: examined, givenBack });
};

function leftBehind(which: string, end: Injection, left: Transition | undefined): string {
  const what = `${which} when its instance was told to stop at ${at(end.requestedAt)} (${end.id}), and the process was gone at ${at(end.bitingAt)}`;
  if (!left) return `${what}, but the run was never given back.`;
  return `${what}, but the run left that attempt only at ${at(left.time)}, by ${left.by || "someone"} (transition ${left.seq}).`;
}

/** The process ends by itself, with status 0, within the declared time. */
export const endsInTime: Checker = (evidence) => {
  const property = "ends with status 0 in time";
  const boundMs = evidence.constants.shutdownMs;
  if (boundMs === undefined) return outOfReach(property, "shutdownMs");
  const ends = politeEnds(evidence).filter((one) => one.numbers.exitAfterMs !== undefined);
  const slowest = Math.max(0, ...ends.map((one) => one.numbers.exitAfterMs ?? 0));
  const failed = ends.filter((one) => one.numbers.exitStatus !== 0);
  const late = ends.filter((one) => (one.numbers.exitAfterMs ?? 0) > boundMs + toleranceMs(evidence, boundMs));
  const told = (one: Injection): Counterexample => ({
    time: one.requestedAt,
    text: `${one.on} was told to stop at ${at(one.requestedAt)} (${one.id}) and ended with ${one.numbers.exitStatus === -1 ? "a signal" : `status ${one.numbers.exitStatus}`} after ${ms(one.numbers.exitAfterMs ?? 0)}; status 0 within ${ms(boundMs)} was expected.`,
  });
  const text = {
    holds: `All ${ends.length} instances that were told to stop ended with status 0, the slowest after ${ms(slowest)} of ${ms(boundMs)}.`,
    nothing: "No instance was told to stop while nothing else disturbed it.",
  };
  const numbers = { politeEnds: ends.length, exitMaxMs: slowest, boundMs };
  const wrong = failed.length > 0 ? failed : late;
  const check: Check = conclude(property, ends.length, wrong.map(told), text, numbers);
  return failed.length > 0 ? check : concludeBound(evidence, boundMs, check);
};
