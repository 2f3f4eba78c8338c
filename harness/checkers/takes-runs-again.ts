/** FR-7, LG-14: an instance that was cut off from what it needs, and has it again, takes runs again without being restarted. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, ms, toleranceMs } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";
import { sectionsOf } from "./sections.ts";

/** Of so many runs that the others begin, a working instance gets some. */
const least = 50;

/** From `withinMs` after the heal of `fault` on, while the others begin fifty runs and more, its victim begins one. */
export function takesRunsAgain({ fault, withinMs }: { readonly fault: string; readonly withinMs: number }): Checker {
  return (evidence) => {
    const { all } = sectionsOf(evidence.ledger, "run");
    const ends = loadEndsAt(evidence.operations);
    const struck = injectionsOf(evidence.faults).filter((one) => one.fault === fault && Number.isFinite(one.healedAt));
    const found: Counterexample[] = [];
    let examined = 0;
    let taken = 0;
    for (const { id, on, healedAt } of struck) {
      const from = healedAt + withinMs + toleranceMs(evidence, withinMs);
      const next = Math.min(
        ends,
        ...injectionsOf(evidence.faults).flatMap((one) => (one.on === on && one.requestedAt > healedAt ? [one.requestedAt] : [])),
      );
      const begun = all.filter(({ enteredAt }) => enteredAt >= from && enteredAt < next);
      const own = begun.filter(({ instance }) => instance === on).length;
      if (begun.length - own < least) continue;
      examined += begun.length;
      taken += own;
      const text = `${on} began none of ${begun.length} runs from ${at(from)} on, ${ms(withinMs)} after ${id} was over at ${at(healedAt)}.`;
      if (own === 0) found.push({ time: from, text });
    }
    const text = {
      holds: `After ${fault} its victim began ${taken} of the next ${examined} runs.`,
      nothing: `Fewer than ${least} runs were begun by others after ${fault} was over.`,
    };
    return concludeBound(evidence, withinMs, conclude(`takes runs again after ${fault}`, examined, found, text, { runs: examined, taken }));
  };
}
