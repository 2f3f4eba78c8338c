/** LG-5: every accepted run has exactly one terminal transition, seen in the audit trail (SEMANTICS, "Exactly-once" 1). */
import type { Transition } from "../core/records.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { lostWrites } from "./lost-runs.ts";
import { acknowledgedRuns, isTerminal, trailOf } from "./trail.ts";

/**
 * No run changes after it has become terminal, whoever created it, and every acknowledged run is in the trail at all. Whether it becomes terminal
 * in time is the business of `lostRuns`.
 */
export const oneTerminalTransition: Checker = (evidence) => {
  const trail = trailOf(evidence.transitions);
  const acknowledged = acknowledgedRuns(evidence.operations);
  const found: Counterexample[] = [...lostWrites(evidence)];
  let terminal = 0;
  let openAcknowledged = 0;
  for (const [run, transitions] of trail) {
    let end: Transition | null = null;
    for (const transition of transitions) {
      // A row that was terminal before the trail saw anything of it is still no row to change.
      if (end !== null || isTerminal(transition.from))
        found.push({ time: transition.time, text: changedAfter(transition, end, lastClaimant(transitions, transition)) });
      if (isTerminal(transition.to)) end ??= transition;
    }
    if (end !== null) terminal++;
    else if (acknowledged.has(run)) openAcknowledged++;
  }
  const text = {
    holds: `Each of ${terminal} finished runs has exactly one terminal transition, and all ${acknowledged.size} acknowledged runs are in the audit trail.`,
    nothing: "The audit trail saw no run.",
  };
  return conclude("one terminal transition", trail.size, inTime(found), text, {
    runs: trail.size,
    acknowledgedRuns: acknowledged.size,
    terminalRuns: terminal,
    acknowledgedNotTerminal: openAcknowledged,
  });
};

const verbs: Readonly<Record<string, string>> = { success: "completed", error: "failed", cancelled: "cancelled" };

function changedAfter(second: Transition, first: Transition | null, attempt: number): string {
  const did = verbs[second.to];
  const now = did
    ? `was ${did} by ${second.by || "someone"} (attempt ${attempt})`
    : `went back from ${second.from} to ${second.to} by ${second.by || "someone"}`;
  if (first === null) return `run ${second.subject} ${now} although it was ${second.from} already (transition ${second.seq}, at ${at(second.time)}).`;
  const had = `after ${first.by || "someone"} (attempt ${first.attempt}) had ${verbs[first.to]} it`;
  return `run ${second.subject} ${now} ${had} (transitions ${first.seq}, ${second.seq}, at ${at(second.time)}).`;
}

/** The attempt that the writer itself had last claimed: a zombie's write carries the row's number, not its own. */
function lastClaimant(transitions: readonly Transition[], write: Transition): number {
  let attempt = write.attempt;
  for (const transition of transitions) {
    if (transition.seq >= write.seq) break;
    if (transition.to === "running" && transition.handler === write.by) attempt = transition.attempt;
  }
  return attempt;
}
