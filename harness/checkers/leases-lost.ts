/** LG-6: a lease that is lost is no failure, nor is a polite end: only transient errors of the database use up the attempts that a run has (SEMANTICS, "Exactly-once"). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, inTime } from "./judge.ts";
import { endOf, isRequeue, trailOf } from "./trail.ts";

interface CountsForNothing {
  /** How often a run may meet an error of the database and be tried again. */
  readonly retries: number;
}

/** A reason for which handlers give runs back. */
interface Reason {
  readonly property: string;
  readonly isIt: (injection: Injection) => boolean;
  /** In words: what alone was done. */
  readonly only: string;
}

/**
 * Where nothing but the way to Redis is taken away, and no run asks for what fails, none ends in error, however often it was given back because its handler could not renew its lease. Some have to end
 * well that were given back more often than the `retries` that a run has for errors of the database.
 */
export const leasesCountForNothing = countsForNothing({
  property: "leases that are lost use up no attempt",
  isIt: ({ fault, on }) => fault === "partition" && on.endsWith("->redis"),
  only: "only Redis was away",
});

/** The same where instances are told to stop, and nothing else is done. */
export const drainsCountForNothing = countsForNothing({
  property: "drains use up no attempt",
  isIt: ({ fault }) => fault === "terminate",
  only: "instances were only told to stop",
});

function countsForNothing({ property, isIt, only }: Reason): (options: CountsForNothing) => Checker {
  return ({ retries }) =>
    (evidence) => {
      const others = injectionsOf(evidence.faults).find((injection) => !isIt(injection));
      const found: Counterexample[] = [];
      let ended = 0;
      let beyond = 0;
      let most = 0;
      for (const [run, transitions] of others ? [] : trailOf(evidence.transitions)) {
        const end = endOf(transitions);
        if (end === undefined) continue;
        ended++;
        const givenBack = transitions.filter(isRequeue).length;
        most = Math.max(most, givenBack);
        if (end.to === "success" && givenBack > retries) beyond++;
        if (end.to !== "error") continue;
        const text = `run ${run} ended in error at ${at(end.time)} in attempt ${end.attempt} (transition ${end.seq}), after it had been given back ${givenBack} times, although ${only} and no transient error of the database was injected.`;
        found.push({ time: end.time, text });
      }
      const text = {
        holds: `None of ${ended} runs ended in error; ${beyond} ended well that had been given back more than ${retries} times, the most ${most} times.`,
        nothing: others
          ? `${others.id} gives runs another reason to fail.`
          : `No run ended well that had been given back more than ${retries} times (${ended} ended, the most given back ${most} times).`,
      };
      return conclude(property, beyond, inTime(found), text, { ended, givenBackBeyondRetries: beyond, mostGivenBack: most });
    };
}
