/** LG-5: the runs of a thread are worked on one after another, in the order in which they were accepted. What is recorded is said in `threads.ts`. */
import type { Transition } from "../core/records.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { runsOfThreads, type ThreadRun, wasBefore } from "./threads.ts";
import { isClaim, isTerminal, trailOf } from "./trail.ts";

interface Work {
  readonly one: ThreadRun;
  /** Its first claim; Infinity: nobody ever began it. */
  readonly begun: number;
  readonly claim: Transition | undefined;
  /** Its end; Infinity: it has none. */
  readonly over: number;
}

/**
 * Nobody begins a run of a thread while another one, which was begun before or had been acknowledged before this one was asked for, is unfinished: the next one is released after that end
 * has been committed, so its claim stands later in the trail, whatever the clocks say. Some have to have waited: acknowledged before the one in front of them was over.
 */
export const oneAfterAnother: Checker = ({ operations, transitions, deltaMs }) => {
  const trail = trailOf(transitions);
  const found: Counterexample[] = [];
  let waited = 0;
  for (const [thread, runs] of runsOfThreads(operations)) {
    const works = runs.flatMap((one) => workOf(one, trail.get(one.run)));
    for (const { one, begun, claim } of works) {
      if (claim === undefined) continue;
      const others = works.filter((other) => other.one !== one);
      const inFront = others.filter((other) => other.begun < begun || wasBefore(other.one, one));
      if (inFront.some((other) => (trail.get(other.one.run)?.find(({ to }) => isTerminal(to))?.time ?? 0) > one.create.completedAt + 2 * deltaMs))
        waited++;
      const unfinished = inFront.find((other) => other.over > begun);
      if (unfinished === undefined) continue;
      const why = unfinished.begun < begun ? "had been begun and was unfinished" : "was before it in line and not over";
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

/** Nothing where the trail never saw it. */
function workOf(one: ThreadRun, transitions: readonly Transition[] | undefined): readonly Work[] {
  if (transitions === undefined) return [];
  const claim = transitions.find(isClaim);
  const end = transitions.find(({ to }) => isTerminal(to));
  return [{ one, begun: claim?.seq ?? Number.POSITIVE_INFINITY, claim, over: end?.seq ?? Number.POSITIVE_INFINITY }];
}
