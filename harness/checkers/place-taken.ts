/** LG-5: who takes the place of a thread's runs is acknowledged when they are over, and who may not take it is refused. What is recorded is said in `threads.ts`. */
import type { Operation } from "../core/history.ts";
import type { Transition } from "../core/records.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { at, inTime, toleranceMs } from "./judge.ts";
import { firstAfter, type Rule, ruleOf, runsOfThreads, type ThreadRun, threadOf } from "./threads.ts";
import { acknowledgedRuns, endOf, isClaim, isTerminal, textField, trailOf } from "./trail.ts";

/** A run, the one that took its place by the rule, and what the trail has of the run. */
interface Taken {
  readonly before: ThreadRun;
  readonly by: ThreadRun;
  readonly transitions: readonly Transition[];
}

/** Of runs that the trail never saw nothing is said here. */
function placesTaken({ operations, transitions }: Evidence, rule: Rule): readonly Taken[] {
  const trail = trailOf(transitions);
  return [...firstAfter(operations, rule)].flatMap(([before, by]) => {
    const known = trail.get(before.run);
    return known ? [{ before, by, transitions: known }] : [];
  });
}

/** Those that were not over when their place was acknowledged as taken: it had been taken before that answer, and nobody may have been there then. */
function notOver(evidence: Evidence, taken: readonly Taken[], what: string): readonly Counterexample[] {
  return taken.flatMap(({ before, by, transitions }) => {
    const answeredAt = by.create.completedAt;
    const end = endOf(transitions);
    // The record may end before a transition that was committed just before it; and the trail is told by another clock than the client's.
    if (end === undefined ? answeredAt + toleranceMs(evidence) > evidence.endsAt : end.time <= answeredAt + 2 * evidence.deltaMs) return [];
    const truth = end ? `became ${end.to} only at ${at(end.time)} (transition ${end.seq})` : "never ended";
    const text = `run ${by.run} ${what} in thread ${by.thread}, acknowledged at ${at(answeredAt)}, but run ${before.run}, acknowledged at ${at(before.create.completedAt)} before it was asked for, ${truth} (operations ${before.create.index}, ${by.create.index}).`;
    return [{ time: answeredAt, text }];
  });
}

/**
 * An interrupt ends whatever of its thread was acknowledged before it was asked for: each of these runs is over when it is acknowledged, cancelled unless it ended by itself
 * before. Several interrupts at once end each other in some order, and who was put in line meanwhile may have come before or after: nothing is said of those. Runs have to have been
 * interrupted both in line and at work.
 */
export const interruptedAreOver: Checker = (evidence) => {
  const taken = placesTaken(evidence, "interrupt");
  const found = notOver(evidence, taken, "was to be worked on in place of all others");
  const interrupted = taken.filter(({ by, transitions }) => {
    const end = endOf(transitions);
    return end?.to === "cancelled" && end.time >= by.askedAt - 2 * evidence.deltaMs;
  });
  const atWork = interrupted.filter(({ transitions }) => transitions.some(isClaim)).length;
  const inLine = interrupted.length - atWork;
  const text = {
    holds: `All ${taken.length} runs that an interrupt came after were over when it was acknowledged; it cancelled ${inLine} in line and ${atWork} at work.`,
    nothing: "No run was interrupted in line, or none at work.",
  };
  const examined = Math.min(inLine, atWork) > 0 ? taken.length : 0;
  return conclude("an interrupt ends all that came before", examined, inTime(found), text, { interruptedInLine: inLine, interruptedAtWork: atWork });
};

/** When a client was first told that a run is over (ms), by run. The trail has an end before it is committed, so it does not say from when on everybody sees it. */
function toldOver(operations: readonly Operation[]): ReadonlyMap<string, number> {
  const told = new Map<string, number>();
  for (const { outcome, output, input, key, completedAt } of operations) {
    if (outcome !== "ok" || !isTerminal(textField(output, "status"))) continue;
    const run = textField(output, "run") || textField(input, "run") || key;
    told.set(run, Math.min(completedAt, told.get(run) ?? completedAt));
  }
  return told;
}

/** Creates in a thread that were refused as busy. */
const refusedAsBusy = ({ operations }: Evidence): readonly Operation[] =>
  operations.filter((one) => one.f === "create" && one.error === "status 409" && threadOf(one) !== "");

/** Creates that were refused as busy by the rule reject, and whether an acknowledged run of their thread certainly went on then, or nobody's can have. */
function refusals(evidence: Evidence): readonly { readonly create: Operation; readonly beside: "unfinished" | "none" | "unknown" }[] {
  const trail = trailOf(evidence.transitions);
  const threads = runsOfThreads(evidence.operations);
  const acknowledged = acknowledgedRuns(evidence.operations);
  const over = toldOver(evidence.operations);
  // Of a run that nobody was told of, nobody knows the thread, nor whether its end was committed.
  const strangers = [...trail.keys()].filter((run) => !acknowledged.has(run));
  const madeAt = (run: string): number => trail.get(run)?.[0]?.time ?? 0;
  const refused = refusedAsBusy(evidence).filter((one) => ruleOf(one) === "reject");
  return (trail.size === 0 ? [] : refused).map((create) => {
    const { invokedAt, answeredAt } = create;
    const runs = threads.get(threadOf(create)) ?? [];
    const goesOn = runs.some(({ run, create: other }) => {
      const transitions = other.completedAt < invokedAt ? trail.get(run) : undefined;
      return transitions !== undefined && !((endOf(transitions)?.time ?? Number.POSITIVE_INFINITY) <= answeredAt + 2 * evidence.deltaMs);
    });
    if (goesOn) return { create, beside: "unfinished" };
    // The trail may be younger than what was done in the last moments.
    if (answeredAt + toleranceMs(evidence) > evidence.endsAt) return { create, beside: "unknown" };
    const unknown = [...runs.map(({ run }) => run).filter((run) => !((over.get(run) ?? invokedAt) < invokedAt)), ...strangers];
    return { create, beside: unknown.some((run) => madeAt(run) <= answeredAt + 2 * evidence.deltaMs) ? "unknown" : "none" };
  });
}

/**
 * By the rule reject a run is accepted when all that were acknowledged before it was asked for are over, and refused when one of the thread is not; no other rule
 * has anybody refused for that. Both have to have been: refused beside a run that went on, and accepted after one that was over.
 */
export const busyRefuses: Checker = (evidence) => {
  const taken = placesTaken(evidence, "reject");
  const refused = Map.groupBy(refusals(evidence), ({ beside }) => beside);
  const idle = (refused.get("none") ?? []).map(({ create }) => ({
    time: create.answeredAt,
    text: `the create of the key ${create.key} was refused at ${at(create.answeredAt)} because thread ${threadOf(create)} is busy, though clients had been told the end of all runs that it can have had before this one was asked for at ${at(create.invokedAt)} (operation ${create.index}).`,
  }));
  const otherRules = refusedAsBusy(evidence).filter((one) => ruleOf(one) !== "reject");
  const byOtherRules = otherRules.map((create) => ({
    time: create.answeredAt,
    text: `the create of the key ${create.key} was refused at ${at(create.answeredAt)} because thread ${threadOf(create)} is busy, though its rule is ${ruleOf(create)} (operation ${create.index}).`,
  }));
  const found = [...notOver(evidence, taken, "was to be refused beside any other"), ...idle, ...byOtherRules];
  const beside = refused.get("unfinished")?.length ?? 0;
  const text = {
    holds: `${beside} creates were refused beside an unfinished run of their thread, and none of ${taken.length} runs was unfinished when another one was accepted by the rule reject.`,
    nothing: "No create was refused beside an unfinished run of its thread, or none was accepted after one.",
  };
  const numbers = { refusedAsBusy: beside, acceptedAfter: taken.length };
  return conclude("a busy thread refuses", Math.min(beside, taken.length), inTime(found), text, numbers);
};
