/** LG-5, LG-8: no write of a lower attempt lands after a higher attempt's claim (SEMANTICS, "Exactly-once" 2). */
import type { Transition } from "../core/records.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { claimant, isClaim, isRequeue, isTerminal, trailOf } from "./trail.ts";

/** What is known of a run while its transitions are read in order. */
interface Run {
  /** The attempt that was claimed last; null before the trail saw a claim. */
  attempt: number | null;
  highest: number;
  handler: string;
  claimSeq: number;
  /** Which attempt each instance claimed last. */
  readonly claimedBy: Map<string, number>;
}

/**
 * Reads each run's transitions in order. Attempts only grow; a claim takes a pending run and a new number; steps and results come from the running state, carry
 * the attempt that was claimed last and are written by the instance that claimed it. Anybody may cancel and anybody may give back.
 */
export const noZombieWrite: Checker = (evidence) => {
  const trail = trailOf(evidence.transitions);
  const found: Counterexample[] = [];
  let writes = 0;
  let unattributed = 0;
  for (const transitions of trail.values()) {
    const run: Run = { attempt: null, highest: Number.NEGATIVE_INFINITY, handler: "", claimSeq: 0, claimedBy: new Map() };
    for (const transition of transitions) {
      writes++;
      if (transition.by === "") unattributed++;
      const text = accuse(run, transition);
      if (text !== null) found.push({ time: transition.time, text: `${text} at ${at(transition.time)}.` });
      run.highest = Math.max(run.highest, transition.attempt);
      if (transition.to !== "running" || (transition.from === "running" && transition.attempt === run.attempt)) continue;
      run.attempt = transition.attempt;
      run.handler = claimant(transition);
      run.claimSeq = transition.seq;
      run.claimedBy.set(run.handler, transition.attempt);
    }
  }
  const text = {
    holds: `None of ${writes} transitions of ${trail.size} runs came from an attempt that had lost its run.`,
    nothing: "The audit trail saw no run.",
  };
  return conclude("no zombie write", writes, inTime(found), text, { transitions: writes, runs: trail.size, unattributedWrites: unattributed });
};

function accuse(run: Run, now: Transition): string | null {
  const who = now.by || "someone";
  const where = `(transitions ${run.claimSeq}, ${now.seq})`;
  if (now.attempt < run.highest) {
    return `run ${now.subject} was set to ${now.to} with attempt ${now.attempt} by ${who} after attempt ${run.highest} had been claimed ${where}`;
  }
  // A change after the end is told by the check of terminal transitions; what a zombie of a live run does is told here.
  if (isTerminal(now.from)) return `run ${now.subject} was changed from ${now.from} to ${now.to} by ${who} (transition ${now.seq})`;
  if (isClaim(now)) {
    const reused = run.attempt !== null && now.attempt <= run.attempt;
    return reused
      ? `run ${now.subject} was claimed by ${claimant(now)} with attempt ${now.attempt}, which ${run.handler} had claimed before ${where}`
      : null;
  }
  if (now.from === "running" && now.to === "running") {
    const taken = run.attempt !== null && (now.attempt !== run.attempt || (now.handler !== "" && now.handler !== run.handler));
    if (taken)
      return `run ${now.subject} was taken by ${claimant(now)} (attempt ${now.attempt}) while ${run.handler} was running attempt ${run.attempt} ${where}`;
    // The row goes on as it was: a step of somebody who does not have the run.
    const own = run.claimedBy.get(now.by);
    return run.attempt === null || own === undefined || now.by === run.handler
      ? null
      : `a step of run ${now.subject} was written by ${who} (attempt ${own}) while ${run.handler} was running attempt ${run.attempt} ${where}`;
  }
  if (now.to === "success" && now.from !== "running")
    return `run ${now.subject} was completed by ${who} from the state ${now.from} (transition ${now.seq})`;
  if (run.attempt === null || !(isRequeue(now) || isTerminal(now.to))) return null;
  if (now.attempt !== run.attempt)
    return `run ${now.subject} was set to ${now.to} with attempt ${now.attempt}, but attempt ${run.attempt} was claimed last ${where}`;
  if (now.by === "" || now.by === run.handler || now.from !== "running") return null;
  const own = run.claimedBy.get(now.by);
  // An error may be written by a supervisor that never ran it; by an instance that held an earlier attempt it is that zombie's.
  const zombie = now.to === "success" || (now.to === "error" && own !== undefined);
  const as = own === undefined ? "" : ` (attempt ${own})`;
  return zombie
    ? `run ${now.subject} was ${now.to === "success" ? "completed" : "failed"} by ${who}${as} while ${run.handler} was running attempt ${run.attempt} ${where}`
    : null;
}
