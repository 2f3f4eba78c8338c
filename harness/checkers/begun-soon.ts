/** FR-3: what an instance has claimed it begins. A place that was not given back, whatever became of the attempt that had it, lets claimed runs lie. */
import { ascending, quantileOfSorted } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
import { sectionsOf } from "./sections.ts";
import { claimant, isClaim, trailOf } from "./trail.ts";

/** A claim in calm times is followed by its attempt at the ledger within `withinMs`, unless the run was taken away by then. */
export function begunSoon({ withinMs }: { readonly withinMs: number }): Checker {
  return (evidence) => {
    const calm = calmStretches(evidence);
    const { all, bySubject } = sectionsOf(evidence.ledger, "run");
    const tolerance = toleranceMs(evidence, withinMs);
    const found: Counterexample[] = [];
    const delays: number[] = [];
    for (const [run, transitions] of all.length === 0 ? [] : trailOf(evidence.transitions)) {
      for (const [i, claim] of transitions.entries()) {
        const until = claim.time + withinMs + tolerance;
        if (!isClaim(claim) || until > evidence.endsAt || !isCalm(calm, claim.time, until)) continue;
        const leftAt = transitions[i + 1]?.time ?? Number.POSITIVE_INFINITY;
        const enteredAt = bySubject.get(run)?.find(({ token }) => token === claim.attempt)?.enteredAt ?? Number.POSITIVE_INFINITY;
        if (leftAt <= until && enteredAt === Number.POSITIVE_INFINITY) continue;
        if (Number.isFinite(enteredAt)) delays.push(Math.max(0, enteredAt - claim.time));
        if (enteredAt <= until) continue;
        const begun = Number.isFinite(enteredAt) ? `began it ${ms(enteredAt - claim.time)} later` : "never began it";
        const text = `${claimant(claim)} claimed run ${run} at ${at(claim.time)} (attempt ${claim.attempt}, transition ${claim.seq}) and ${begun}; ${ms(withinMs)} are allowed.`;
        found.push({ time: claim.time, text });
      }
    }
    const sorted = ascending(delays);
    const numbers = sorted.length > 0 ? { beginP99Ms: quantileOfSorted(sorted, 0.99), beginMaxMs: quantileOfSorted(sorted, 1) } : {};
    const text = {
      holds: `${delays.length} runs that were claimed in calm times were begun within ${ms(quantileOfSorted(sorted, 1))}.`,
      nothing: "No run was claimed in calm times, or there is no ledger.",
    };
    return concludeBound(evidence, withinMs, conclude("claimed runs are begun", delays.length + found.length, inTime(found), text, numbers));
  };
}
