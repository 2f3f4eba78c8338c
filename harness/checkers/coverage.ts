/** How many operations of each kind ended how, before, during and after each fault: whether what the faults hit was in use (SEMANTICS, "Faults and load"). */
import type { Operation } from "../core/history.ts";
import type { FaultEvent } from "../core/records.ts";
import { ascending, firstNotBelow } from "../core/stats.ts";
import type { CoverageRow, OutcomeCounts } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";

/** A fault is felt for as long at least, however short it is and however fast the machine heals it: what is wanted of the load must not hang on that. */
export const feltMs = 5000;

/** A kind of operation whose share of the load is smaller than this is a sideshow, of which nobody expects any in a few seconds. */
const leastShare = 0.1;
/** Successes of each kind that are needed on either side of a fault and during it. */
const leastOfKind = 20;
const aroundMs = 10_000;

export const coveragePhases = ["before", "during", "after"] as const;

export type Windows = Readonly<Record<(typeof coveragePhases)[number], { readonly from: number; readonly to: number }>>;

/** The 10 s before a fault, the fault up to a second after its heal (5 s at least), and the 10 s after that (ms). */
export function windowsOf({ requestedAt, healedAt }: Injection): Windows {
  const until = Math.max(healedAt + 1000, requestedAt + feltMs);
  return {
    before: { from: requestedAt - aroundMs, to: requestedAt },
    during: { from: requestedAt, to: until },
    after: { from: until, to: until + aroundMs },
  };
}

/**
 * A row for each fault and each kind of operation, by the intended start. `least` successes are needed in each of its windows: 0 for a sideshow, for a change of
 * the topology (`scale`), which is no fault, and where `needed` says that nothing is.
 */
export function coverageOf(operations: readonly Operation[], faults: readonly FaultEvent[], needed: boolean): readonly CoverageRow[] {
  const kinds = [...Map.groupBy(operations, ({ f }) => f)].map(([kind, own]) => {
    const starts = Map.groupBy(own, ({ outcome }) => outcome);
    const of = (outcome: Operation["outcome"]): number[] => ascending((starts.get(outcome) ?? []).map(({ intendedAt }) => intendedAt));
    return { kind, sideshow: own.length < leastShare * operations.length, starts: { ok: of("ok"), fail: of("fail"), info: of("info") } };
  });
  return injectionsOf(faults).flatMap((injection) => {
    const windows = windowsOf(injection);
    return kinds.map(({ kind, sideshow, starts }): CoverageRow => {
      const count = ({ from, to }: Windows["before"]): OutcomeCounts => ({
        ok: firstNotBelow(starts.ok, to) - firstNotBelow(starts.ok, from),
        fail: firstNotBelow(starts.fail, to) - firstNotBelow(starts.fail, from),
        info: firstNotBelow(starts.info, to) - firstNotBelow(starts.info, from),
      });
      return {
        ...{ injection: injection.id, fault: injection.fault, on: injection.on, operation: kind },
        ...{ before: count(windows.before), during: count(windows.during), after: count(windows.after) },
        least: needed && !sideshow && injection.fault !== "scale" ? leastOfKind : 0,
      };
    });
  });
}
