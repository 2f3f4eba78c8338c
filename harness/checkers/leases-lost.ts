/** LG-6: a lease that is lost is no failure: only transient errors of the database use up the attempts that a run has (SEMANTICS, "Exactly-once"). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at, inTime } from "./judge.ts";
import { endOf, isRequeue, trailOf } from "./trail.ts";

/**
 * Where nothing but the way to Redis is taken away, and no run asks for what fails, none ends in error, however often it was given back because its handler could not renew its lease. Some have to end
 * well that were given back more often than the `retries` that a run has for errors of the database.
 */
export function leasesCountForNothing({ retries }: { readonly retries: number }): Checker {
  return (evidence) => {
    const others = injectionsOf(evidence.faults).find(({ fault, on }) => fault !== "partition" || !on.endsWith("->redis"));
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
      const text = `run ${run} ended in error at ${at(end.time)} in attempt ${end.attempt} (transition ${end.seq}), after it had been given back ${givenBack} times, although only Redis was away and no transient error of the database was injected.`;
      found.push({ time: end.time, text });
    }
    const text = {
      holds: `None of ${ended} runs ended in error; ${beyond} ended well that had been given back more than ${retries} times, the most ${most} times.`,
      nothing: others
        ? `${others.id} gives runs another reason to fail.`
        : `No run ended well that had been given back more than ${retries} times (${ended} ended, the most given back ${most} times).`,
    };
    return conclude("leases that are lost use up no attempt", beyond, inTime(found), text, {
      ended,
      givenBackBeyondRetries: beyond,
      mostGivenBack: most,
    });
  };
}
