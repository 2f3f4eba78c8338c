/** LG-5, LG-10: what was acknowledged is neither forgotten nor left lying. */
import type { Evidence } from "../core/verdict.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { amongFaults, lastHealedAt } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
import { sectionsOf } from "./sections.ts";
import { acknowledgedRuns, isRequeue, isTerminal, trailOf } from "./trail.ts";

/** Acknowledged creates whose run the audit trail never saw; none when there is no trail to look in. */
export function lostWrites(evidence: Evidence): Counterexample[] {
  const trail = trailOf(evidence.transitions);
  if (trail.size === 0) return [];
  const lost: Counterexample[] = [];
  for (const [run, create] of acknowledgedRuns(evidence.operations)) {
    // What was acknowledged in the last moments may be younger than the copy of the trail.
    if (trail.has(run) || create.completedAt + toleranceMs(evidence) > evidence.endsAt) continue;
    const text = `run ${run} was acknowledged to ${create.process} at ${at(create.completedAt)}${when(evidence, create.completedAt)}, but the audit trail never saw it (operation ${create.index}).`;
    lost.push({ time: create.completedAt, text });
  }
  return lost;
}

/** Every acknowledged create is in the database. */
export const noAcknowledgedWriteLost: Checker = (evidence) => {
  const acknowledged = acknowledgedRuns(evidence.operations);
  const examined = evidence.transitions.length === 0 ? 0 : acknowledged.size;
  const text = {
    holds: `All ${examined} acknowledged runs are in the audit trail.`,
    nothing: "There is no acknowledged run, or no audit trail to look in.",
  };
  const lost = inTime(lostWrites(evidence));
  return conclude("no acknowledged write lost", examined, lost, text, { acknowledgedRuns: acknowledged.size, lostWrites: lost.length });
};

/** No attempt fails more often and is made again (SEMANTICS, LG-6), and nothing else gives a run back once nothing disturbs its handlers. */
const mostGivenBack = 3;

/**
 * Every acknowledged run is terminal three bounds after its create, the last heal and its own last sign of life; one that waits, as long as slots are free
 * (SEMANTICS, "Exactly-once"): one that has a slot needs none. One that is given back again and again shows no life by it. `boundMs` is the longest a run may take once
 * nothing disturbs it, waiting included. The experiment must have waited that long (drain), else nothing is due.
 */
export function lostRuns({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence) => {
    const trail = trailOf(evidence.transitions);
    const ledger = sectionsOf(evidence.ledger, "run");
    const healedAt = lastHealedAt(evidence.faults);
    const slotsFree = freeSlots(evidence);
    const lost: Counterexample[] = [];
    const fate: boolean[] = [];
    let examined = 0;
    let notDue = 0;
    const acknowledged = trail.size === 0 ? [] : [...acknowledgedRuns(evidence.operations)].sort((a, b) => a[1].invokedAt - b[1].invokedAt);
    for (const [run, create] of acknowledged) {
      const transitions = trail.get(run) ?? [];
      const last = transitions[transitions.length - 1];
      if (transitions.some((transition) => isTerminal(transition.to))) {
        examined++;
        fate.push(false);
        continue;
      }
      const lastReport = (ledger.bySubject.get(run) ?? []).reduce((time, { enteredAt, steps, endAt }) => {
        return Math.max(time, enteredAt, steps[steps.length - 1]?.time ?? 0, Number.isFinite(endAt) ? endAt : 0);
      }, Number.NEGATIVE_INFINITY);
      const calmFrom = healedAt + boundMs;
      const endless = transitions.filter((transition) => isRequeue(transition) && transition.time > calmFrom).length > mostGivenBack;
      const alive = endless ? calmFrom : Math.max(last?.time ?? Number.NEGATIVE_INFINITY, lastReport);
      const since = Math.max(create.completedAt, healedAt, alive);
      const waits = last === undefined || last.to === "pending";
      if ((waits && !slotsFree) || since + 3 * boundMs + toleranceMs(evidence, boundMs) > evidence.endsAt) {
        notDue++;
        continue;
      }
      examined++;
      fate.push(true);
      const state = last
        ? `${last.to} since ${at(last.time)}${when(evidence, last.time)} (attempt ${last.attempt}, transition ${last.seq})`
        : "nowhere in the audit trail";
      const text = `run ${run}, acknowledged at ${at(create.completedAt)}${when(evidence, create.completedAt)}, was not finished when recording ended at ${at(evidence.endsAt)}: it is ${state}, over three bounds of ${ms(boundMs)} after the last heal.`;
      // What was late when it was created explains nothing of the time in which it should have ended; but who stands still again and again has it taken away each time.
      const due = since + 3 * boundMs;
      lost.push({ time: endless ? since : due, until: endless ? evidence.endsAt : due, text });
    }
    const text = {
      holds: `All ${examined} acknowledged runs that were due are finished.`,
      nothing:
        notDue > 0
          ? `None of ${notDue} unfinished runs was due when recording ended, or no slot was free.`
          : "There is no acknowledged run, or no audit trail to look in.",
    };
    const numbers = { acknowledgedRuns: acknowledged.length, notDue, ...split(fate) };
    return concludeBound(evidence, boundMs, conclude("no run lost", examined, lost, text, numbers));
  };
}

/** In brackets: which fault a moment lies in. */
function when({ faults }: Evidence, time: number): string {
  const among = amongFaults(faults, time);
  return among === "" ? "" : ` (${among})`;
}

/** Whether a waiting run could have been taken up at the end: not every slot that was ever seen working is taken. Unknown counts as free. */
function freeSlots(evidence: Evidence): boolean {
  const { runsPerInstance } = evidence.constants;
  if (runsPerInstance === undefined) return true;
  const { all } = sectionsOf(evidence.ledger, "run");
  const instances = new Set(all.map((section) => section.instance));
  const open = all.reduce((count, section) => count + (section.end === "open" ? 1 : 0), 0);
  return instances.size === 0 || open < instances.size * runsPerInstance;
}

/** Where the lost lie among all, in the order of creation: a lost prefix or suffix has other causes than holes in the middle. */
function split(fate: readonly boolean[]): { lostRuns: number; lostPrefix: number; lostMiddle: number; lostSuffix: number } {
  const lost = fate.filter(Boolean).length;
  const firstKept = fate.indexOf(false);
  if (firstKept === -1) return { lostRuns: lost, lostPrefix: lost, lostMiddle: 0, lostSuffix: 0 };
  const lostSuffix = fate.length - 1 - fate.lastIndexOf(false);
  return { lostRuns: lost, lostPrefix: firstKept, lostMiddle: lost - firstKept - lostSuffix, lostSuffix };
}
