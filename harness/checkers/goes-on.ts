/** LG-5, liveness: when every fault has healed, the system makes progress again. */

import { ascending } from "../core/stats.ts";
import { type Check, type Checker, conclude, gravest } from "../core/verdict.ts";
import { served } from "./availability-figures.ts";
import { lastHealedAt } from "./injections.ts";
import { at, concludeBound, ms } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";

/** Fewer operations than this prove no standstill. */
const least = 100;

/** Who has waited in vain for longer than the target's declared budget, or this where it declares none (ms), has not been served. */
const patienceMs = 30_000;

/**
 * From `withinMs` after the last heal on some operation is served, as long as there are a hundred that were wanted then and answered, or waited for in vain. Whether the system is as good as before is for the
 * steady state to say; a standstill is the system's own.
 */
export function goesOn({ withinMs }: { readonly withinMs: number }): Checker {
  return (evidence) => {
    const healedAt = lastHealedAt(evidence.faults);
    const from = healedAt + withinMs;
    const givenUp = loadEndsAt(evidence.operations) - (evidence.constants.outageBudgetMs ?? patienceMs);
    const after = evidence.operations.filter(
      ({ intendedAt, invokedAt, answeredAt }) =>
        Number.isFinite(healedAt) && intendedAt >= from && (Number.isFinite(answeredAt) || invokedAt < givenUp),
    );
    const good = after.filter(served);
    const [first] = good;
    const text = {
      holds: `${good.length} of ${after.length} operations wanted from ${at(from)} on, ${ms(withinMs)} after the last heal, were served.`,
      nothing: `${after.length} operations were wanted later than ${ms(withinMs)} after the last heal; ${least} are needed.`,
    };
    const enough = after.length >= least;
    const story = `none of ${after.length} operations wanted from ${at(from)} on was served, although every fault had healed by ${at(healedAt)}.`;
    /** As far as it is to be seen at that time. */
    const judgedAt = (time: number): Check => {
      const standstill = enough && first === undefined ? [{ time, text: story }] : [];
      const check = conclude("goes on after healing", enough ? after.length : 0, standstill, text, { servedAfterHealing: good.length });
      return concludeBound(evidence, withinMs, check);
    };
    // What was late at the heal explains nothing of the last that was wanted, nor the other way round.
    const wanted = ascending(after.map(({ intendedAt }) => intendedAt));
    return gravest([judgedAt(wanted.at(-1) ?? 0), judgedAt(wanted[0] ?? 0)]);
  };
}
