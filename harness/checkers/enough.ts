/** Whether there was enough load for a verdict to mean something (SEMANTICS, "Faults and load"). */
import { ascending, firstNotBelow } from "../core/stats.ts";
import type { Checker, Counterexample } from "../core/verdict.ts";
import { coverageOf, coveragePhases, windowsOf } from "./coverage.ts";
import { injectionsOf } from "./injections.ts";
import { assume, at } from "./judge.ts";

/**
 * At least so many operations in all, and so many wanted during each fault, up to a second after its heal and for 5 s at least; and of each kind some that succeeded, of those wanted
 * in the 10 s before, during, and in the 10 s after. `scale` is no fault.
 */
export function enough(least: { readonly operations: number; readonly perFault: number }): Checker {
  return (evidence) => {
    const intended = ascending(evidence.operations.map((operation) => operation.intendedAt));
    const injections = injectionsOf(evidence.faults).filter((injection) => injection.fault !== "scale");
    const rows = Map.groupBy(coverageOf(evidence.operations, evidence.faults, least.perFault > 0), ({ injection }) => injection);
    const found: Counterexample[] = [];
    if (intended.length < least.operations) found.push({ time: 0, text: `${intended.length} operations were made; ${least.operations} are needed.` });
    let fewest = Number.POSITIVE_INFINITY;
    let fewestOfKind = Number.POSITIVE_INFINITY;
    for (const injection of injections) {
      const { id, requestedAt } = injection;
      const windows = windowsOf(injection);
      const until = windows.during.to;
      const count = firstNotBelow(intended, until) - firstNotBelow(intended, requestedAt);
      fewest = Math.min(fewest, count);
      if (count < least.perFault) {
        found.push({
          time: requestedAt,
          text: `${count} operations were wanted during ${id}, from ${at(requestedAt)} to ${at(until)}; ${least.perFault} are needed.`,
        });
      }
      for (const row of rows.get(id) ?? []) {
        for (const when of row.least > 0 ? coveragePhases : []) {
          const succeeded = row[when].ok;
          fewestOfKind = Math.min(fewestOfKind, succeeded);
          if (succeeded >= row.least) continue;
          const { from, to } = windows[when];
          const text = `${succeeded} of ${row.operation} ${when} ${id} succeeded, of those wanted from ${at(from)} to ${at(to)}; ${row.least} are needed.`;
          found.push({ time: Math.max(0, from), text });
        }
      }
    }
    const during = injections.length > 0 ? `, at least ${fewest} during each of ${injections.length} faults` : "";
    const text = { holds: `${intended.length} operations were made${during}.`, nothing: "No operation was made." };
    const numbers = {
      operations: intended.length,
      ...(injections.length > 0 ? { fewestPerFault: fewest } : {}),
      ...(Number.isFinite(fewestOfKind) ? { fewestOfKind } : {}),
    };
    return assume("enough operations", intended.length, found, text, numbers);
  };
}
