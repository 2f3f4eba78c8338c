/** Whether there was enough load for a verdict to mean something (SEMANTICS, "Faults and load"). */
import type { Operation } from "../core/history.ts";
import { ascending, firstNotBelow } from "../core/stats.ts";
import type { Checker, Counterexample } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { assume, at } from "./judge.ts";

/** A fault shorter than this is felt for longer than it lasts. */
const shortMs = 1000;
const feltMs = 3000;

/** A kind of operation whose share of the load is smaller than this is a sideshow, of which nobody expects any in a few seconds. */
const leastShare = 0.1;
/** Successes of each kind that are needed on either side of a fault and during it. */
const leastOfKind = 20;
const aroundMs = 10_000;

/**
 * At least so many operations in all, and so many wanted during each fault, up to a second after its heal; and of each kind some that succeeded, of those wanted
 * in the 10 s before, during, and in the 10 s after. `scale` is no fault.
 */
export function enough(least: { readonly operations: number; readonly perFault: number }): Checker {
  return (evidence) => {
    const intended = ascending(evidence.operations.map((operation) => operation.intendedAt));
    const injections = injectionsOf(evidence.faults).filter((injection) => injection.fault !== "scale");
    const kinds = successesByKind(evidence.operations);
    const found: Counterexample[] = [];
    if (intended.length < least.operations) found.push({ time: 0, text: `${intended.length} operations were made; ${least.operations} are needed.` });
    let fewest = Number.POSITIVE_INFINITY;
    let fewestOfKind = Number.POSITIVE_INFINITY;
    for (const { id, requestedAt, healedAt } of injections) {
      const until = healedAt - requestedAt < shortMs ? requestedAt + feltMs : healedAt + 1000;
      const count = firstNotBelow(intended, until) - firstNotBelow(intended, requestedAt);
      fewest = Math.min(fewest, count);
      if (count < least.perFault) {
        found.push({
          time: requestedAt,
          text: `${count} operations were wanted during ${id}, from ${at(requestedAt)} to ${at(until)}; ${least.perFault} are needed.`,
        });
      }
      const windows = [
        ["before", requestedAt - aroundMs, requestedAt],
        ["during", requestedAt, until],
        ["after", until, until + aroundMs],
      ] as const;
      for (const [kind, times] of least.perFault > 0 ? kinds : []) {
        for (const [when, from, to] of windows) {
          const succeeded = firstNotBelow(times, to) - firstNotBelow(times, from);
          fewestOfKind = Math.min(fewestOfKind, succeeded);
          if (succeeded >= leastOfKind) continue;
          const text = `${succeeded} of ${kind} ${when} ${id} succeeded, of those wanted from ${at(from)} to ${at(to)}; ${leastOfKind} are needed.`;
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

/** For each kind that is no sideshow the intended starts of those that succeeded, in order (ms). */
function successesByKind(operations: readonly Operation[]): ReadonlyMap<string, readonly number[]> {
  const kinds = [...Map.groupBy(operations, ({ f }) => f)].filter(([, own]) => own.length >= leastShare * operations.length);
  return new Map(kinds.map(([kind, own]) => [kind, ascending(own.filter(({ outcome }) => outcome === "ok").map(({ intendedAt }) => intendedAt))]));
}
