/** Whether there was enough load for a verdict to mean something (SEMANTICS, "Faults and load"). */
import { ascending, firstNotBelow } from "../core/stats.ts";
import type { Checker, Counterexample } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { assume, at } from "./judge.ts";

/** A fault shorter than this is felt for longer than it lasts. */
const shortMs = 1000;
const feltMs = 3000;

/** At least so many operations in all, and so many wanted during each fault, up to a second after its heal. `scale` is no fault. */
export function enough(least: { readonly operations: number; readonly perFault: number }): Checker {
  return (evidence) => {
    const intended = ascending(evidence.operations.map((operation) => operation.intendedAt));
    const injections = injectionsOf(evidence.faults).filter((injection) => injection.fault !== "scale");
    const found: Counterexample[] = [];
    if (intended.length < least.operations) found.push({ time: 0, text: `${intended.length} operations were made; ${least.operations} are needed.` });
    let fewest = Number.POSITIVE_INFINITY;
    for (const { id, requestedAt, healedAt } of injections) {
      const until = healedAt - requestedAt < shortMs ? requestedAt + feltMs : healedAt + 1000;
      const count = firstNotBelow(intended, until) - firstNotBelow(intended, requestedAt);
      fewest = Math.min(fewest, count);
      if (count >= least.perFault) continue;
      found.push({
        time: requestedAt,
        text: `${count} operations were wanted during ${id}, from ${at(requestedAt)} to ${at(until)}; ${least.perFault} are needed.`,
      });
    }
    const during = injections.length > 0 ? `, at least ${fewest} during each of ${injections.length} faults` : "";
    const text = { holds: `${intended.length} operations were made${during}.`, nothing: "No operation was made." };
    const numbers = { operations: intended.length, ...(injections.length > 0 ? { fewestPerFault: fewest } : {}) };
    return assume("enough operations", intended.length, found, text, numbers);
  };
}
