/** LG-8, FR-3, FR-8: a run that asks for nothing that fails does not end in error because a part of the system was lost. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { acknowledgedRuns, endOf, trailOf } from "./trail.ts";

/** How often an attempt that met a transient error is tried again (LG-6). */
const retries = 3;

/**
 * No acknowledged run ended in error in one of its first three attempts: transient errors are retried three times, so that it did not end for those. For experiments whose
 * load and faults give no other reason to fail.
 */
export const noneFails: Checker = (evidence) => {
  const trail = trailOf(evidence.transitions);
  const found: Counterexample[] = [];
  let examined = 0;
  for (const [run, create] of acknowledgedRuns(evidence.operations)) {
    const end = endOf(trail.get(run));
    if (end === undefined) continue;
    examined++;
    if (end.to !== "error" || end.attempt > retries) continue;
    const text = `run ${run}, acknowledged at ${at(create.completedAt)}, ended in error in attempt ${end.attempt} at ${at(end.time)} (transition ${end.seq}), and it asked for nothing that fails.`;
    found.push({ time: end.time, text });
  }
  const text = {
    holds: `None of ${examined} runs that ended did so in error.`,
    nothing: "No acknowledged run ended, or there is no audit trail to look in.",
  };
  return conclude("no run fails for what was lost", examined, inTime(found), text, { ended: examined, failed: found.length });
};
