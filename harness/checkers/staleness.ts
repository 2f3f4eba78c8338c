/** HA-11, HA-16, HS-13: how old what caches and replicas answer may be (SEMANTICS, "Reads, caches, sessions"). What is recorded is said in `versions.ts`. */
import type { Operation } from "../core/history.ts";
import { ascending, largest, quantileOfSorted } from "../core/stats.ts";
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { accesses, type VersionNames, versionOf } from "./versions.ts";

/**
 * HA-10: where no fault explains it, a read does not lack a write that was acknowledged longer than `withinMs` before: a message told its instance, and nobody waited for a copy to grow
 * old. Judged where all the time from the acknowledgement to the read was calm.
 */
export function refreshed(names: VersionNames, withinMs: number): Checker {
  return (evidence) => {
    const calm = calmStretches(evidence);
    return judged(evidence, names, withinMs, "refreshed by a message", (from, to) => isCalm(calm, from, to));
  };
}

/**
 * A read violates if it lacks a write that was acknowledged longer before the read was invoked than the target keeps a copy, or than `withinMs` where that is given; the clocks'
 * error is added. `cut`: the fault that keeps copies from being told, for so long as `withinMs` counts on; it may have lasted longer.
 */
export function staleness(names: VersionNames, withinMs?: number, cut?: { readonly fault: string; readonly forMs: number }): Checker {
  const property = "no older than the bound";
  return (evidence) => {
    const boundMs = withinMs ?? evidence.constants.cacheTtlMs;
    if (boundMs === undefined) return outOfReach(property, "cacheTtlMs");
    const cuts = injectionsOf(evidence.faults).filter(({ fault }) => fault === cut?.fault);
    const longer = (from: number, to: number): number =>
      cuts.reduce((most, { requestedAt, healedAt }) => {
        const forMs = Math.min(healedAt, to) - requestedAt - (cut?.forMs ?? 0);
        return requestedAt <= to && healedAt >= from ? Math.max(most, forMs) : most;
      }, 0);
    return judged(evidence, names, boundMs, property, () => true, longer);
  };
}

/**
 * Reads count where `counts` says so of the time since the write that they lack was acknowledged (ms); those that lack nothing, where it says so of their own. By `longer`
 * the bound is longer then (ms).
 */
function judged(
  evidence: Evidence,
  names: VersionNames,
  boundMs: number,
  property: string,
  counts: (from: number, to: number) => boolean,
  longer: (from: number, to: number) => number = () => 0,
): Check {
  const found: Counterexample[] = [];
  const ages: number[] = [];
  const tolerance = toleranceMs(evidence, boundMs);
  for (const [key, { writes, reads }] of accesses(evidence.operations, names)) {
    if (writes.length === 0) continue;
    const firstNewer = acknowledgements(writes);
    for (const read of reads) {
      const missing = firstNewer(versionOf(read));
      if (!counts(missing === undefined ? read.invokedAt : Math.min(missing.completedAt, read.invokedAt), read.invokedAt)) continue;
      const age = missing === undefined ? 0 : Math.max(0, read.invokedAt - missing.completedAt);
      ages.push(age);
      if (missing === undefined || age <= boundMs + tolerance) continue;
      const allowedMs = boundMs + longer(missing.completedAt, read.invokedAt);
      if (age <= allowedMs + tolerance) continue;
      const text = `the read of ${key} at ${at(read.invokedAt)} showed version ${versionOf(read)}, although version ${versionOf(missing)} had been acknowledged ${ms(age)} before; ${ms(allowedMs)} are allowed (operations ${missing.index}, ${read.index}).`;
      found.push({ time: read.completedAt, text });
    }
  }
  const sorted = ascending(ages);
  const stale = sorted.filter((age) => age > 0).length;
  const [p50, p99, max] = [quantileOfSorted(sorted, 0.5), quantileOfSorted(sorted, 0.99), largest(sorted)];
  const numbers = sorted.length > 0 ? { reads: sorted.length, staleReads: stale, staleP50Ms: p50, staleP99Ms: p99, staleMaxMs: max } : {};
  const text = {
    holds: `${sorted.length} reads, ${stale} of them stale, by at most ${ms(max)}; ${ms(boundMs)} are allowed.`,
    nothing: "Nothing was read that had been written.",
  };
  return concludeBound(evidence, boundMs, conclude(property, sorted.length, inTime(found), text, numbers));
}

/** The first acknowledged write of a version above a given one. */
function acknowledgements(writes: readonly Operation[]): (version: number) => Operation | undefined {
  const order = [...writes].sort((a, b) => versionOf(a) - versionOf(b));
  const first = [...order];
  for (let i = order.length - 2; i >= 0; i--) {
    const [own, later] = [first[i] as Operation, first[i + 1] as Operation];
    if (later.completedAt < own.completedAt) first[i] = later;
  }
  return (version) => {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (versionOf(order[middle] as Operation) <= version) low = middle + 1;
      else high = middle;
    }
    return first[low];
  };
}
