/** LG-5: the runs of a thread are worked on one after another, in the order in which they were accepted. What is recorded is said in `threads.ts`. */
import type { Transition } from "../core/records.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { runsOfThreads, type ThreadRun, wasBefore } from "./threads.ts";
import { endOf, isClaim, trailOf } from "./trail.ts";

interface Work {
  readonly one: ThreadRun;
  /** Its first claim; undefined: nobody ever began it. */
  readonly claim: Transition | undefined;
  readonly end: Transition | undefined;
}

/** Where it stands in the trail: what is not there comes after everything. */
const seqOf = (transition: Transition | undefined): number => transition?.seq ?? Number.POSITIVE_INFINITY;

/**
 * Nobody begins a run of a thread while another one, which was begun before or had been acknowledged before this one was asked for, is unfinished: the next one is released after that end
 * has been committed, so its claim stands later in the trail, whatever the clocks say. Some have to have waited: acknowledged before the one in front of them was over.
 */
export const oneAfterAnother: Checker = ({ operations, transitions, deltaMs }) => {
  const trail = trailOf(transitions);
  const found: Counterexample[] = [];
  let waited = 0;
  for (const [thread, runs] of runsOfThreads(operations)) {
    // Nothing is said of what the trail never saw.
    const works = runs.flatMap((one): readonly Work[] => {
      const known = trail.get(one.run);
      return known ? [{ one, claim: known.find(isClaim), end: endOf(known) }] : [];
    });
    for (const { one, claim } of works) {
      if (claim === undefined) continue;
      const wasBegun = (other: Work): boolean => seqOf(other.claim) < claim.seq;
      const inFront = works.filter((other) => other.one !== one && (wasBegun(other) || wasBefore(other.one, one)));
      if (inFront.some(({ end }) => end !== undefined && end.time > one.create.completedAt + 2 * deltaMs)) waited++;
      const unfinished = inFront.find(({ end }) => seqOf(end) > claim.seq);
      if (unfinished === undefined) continue;
      const why = wasBegun(unfinished) ? "had been begun and was unfinished" : "was before it in line and not over";
      const text = `run ${one.run} of thread ${thread} was begun at ${at(claim.time)} (transition ${claim.seq}), while run ${unfinished.one.run} ${why} (operations ${unfinished.one.create.index}, ${one.create.index}).`;
      found.push({ time: claim.time, text });
    }
  }
  const text = {
    holds: `${waited} runs waited for the end of another one of their thread, and no two were worked on at once or out of turn.`,
    nothing: "No run waited for another one of its thread.",
  };
  return conclude("one run of a thread after another", waited, inTime(found), text, { waitedInLine: waited });
};
