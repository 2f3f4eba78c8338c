/** HA-20: what a longer time to live of copies buys in hits, and costs in staleness. What is recorded is said in `versions.ts`; hits are the target's own count. */
import type { Operation } from "../core/history.ts";
import type { Sample } from "../core/records.ts";
import { largest, quantile } from "../core/stats.ts";
import { type Check, type Checker, type Counterexample, conclude, type Evidence, gravest } from "../core/verdict.ts";
import { type Injection, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
import { busyFor, unlessExcused } from "./saturation.ts";
import { accesses, type VersionNames, versionOf } from "./versions.ts";

export interface CurveOptions extends VersionNames {
  /** Sampled counters of reads by where they were answered from: of a copy, and of the record. */
  readonly hits: readonly string[];
  readonly misses: readonly string[];
}

interface Point {
  readonly ttlMs: number;
  readonly from: number;
  readonly to: number;
  readonly hits: number;
  readonly reads: number;
  readonly ages: readonly { readonly read: Operation; readonly ageMs: number }[];
}

/** Fewer reads than this tell no ratio. */
const least = 300;
/** What is gained has to be more than so much of all reads. */
const gainedShare = 0.02;

/**
 * While `reconfigure` has set the time to live of copies to one value after another: no read is staler than the value of its time, and the longest life answers more
 * reads from copies than the shortest. The points of the curve are in the figures.
 */
export function expiryCurve(options: CurveOptions): Checker {
  const property = "a longer life of copies buys hits, and staleness up to it";
  return (evidence) => {
    const points = seenBiting(evidence.faults, "reconfigure")
      .map((injection, i, all) => pointOf(evidence, options, injection, all[i - 1]))
      .filter(({ reads, ages }) => reads >= least && ages.length >= least)
      .sort((a, b) => a.ttlMs - b.ttlMs);
    const [shortest, longest] = [points[0], points[points.length - 1]];
    const nothing = "Copies were not read often enough under two times to live.";
    if (shortest === undefined || longest === undefined || shortest.ttlMs === longest.ttlMs) return conclude(property, 0, [], { holds: "", nothing });
    const staleOf = ({ ttlMs, ages }: Point): readonly Counterexample[] =>
      ages
        .filter(({ ageMs }) => ageMs > ttlMs + toleranceMs(evidence, ttlMs))
        .map(({ read, ageMs }) => ({
          time: read.completedAt,
          text: `the read of ${read.key} at ${at(read.invokedAt)} showed version ${versionOf(read)}, ${ms(ageMs)} after a newer one had been acknowledged, while copies were to live for ${ms(ttlMs)} (operation ${read.index}).`,
        }));
    const found: Counterexample[] = [];
    if (ratio(longest) < ratio(shortest) + gainedShare) {
      const text = `copies that live for ${ms(longest.ttlMs)} answered ${percent(longest)} of ${longest.reads} reads, and those that live for ${ms(shortest.ttlMs)} ${percent(shortest)} of ${shortest.reads}.`;
      found.push({ time: longest.from, until: longest.to, text });
    }
    const told = points
      .map((point) => `${ms(point.ttlMs)}: ${percent(point)} from copies, staleness ${ms(staleP99(point))} (99th percentile)`)
      .join("; ");
    const reads = points.reduce((sum, point) => sum + point.reads, 0);
    const check = (of: readonly Counterexample[]): Check =>
      conclude(property, reads, inTime(of), { holds: `By time to live, ${told}.`, nothing }, numbersOf(points));
    // How many reads copies answer has no bound in time: only on processors without time left was nobody asked often enough.
    const gain = unlessExcused(check(found), (from, to) => busyFor(evidence.samples, from, to));
    return gravest([gain, ...points.map((point) => concludeBound(evidence, point.ttlMs, check(staleOf(point))))]);
  };
}

/** From when nothing that was kept under an earlier, longer life can be left. */
function pointOf(evidence: Evidence, options: CurveOptions, { bitingAt, healingAt, numbers }: Injection, before: Injection | undefined): Point {
  const ttlMs = numbers.value ?? 0;
  const from = bitingAt + Math.max(0, (before?.numbers.value ?? evidence.constants.cacheTtlMs ?? 0) - ttlMs);
  const span = { from, to: Math.min(healingAt, evidence.endsAt) };
  const hits = counted(evidence.samples, options.hits, span);
  const ages = [...accesses(evidence.operations, options).values()].flatMap(({ writes, reads }) => {
    const ageOf = agesOf(writes);
    return reads.filter(({ invokedAt }) => invokedAt >= span.from && invokedAt <= span.to).map((read) => ({ read, ageMs: ageOf(read) }));
  });
  return { ttlMs, ...span, hits, reads: hits + counted(evidence.samples, options.misses, span), ages };
}

/** By how much counters grew in a time, over all instances. */
function counted(samples: readonly Sample[], counters: readonly string[], { from, to }: { readonly from: number; readonly to: number }): number {
  const within = samples.filter(({ time }) => time >= from && time <= to);
  let total = 0;
  for (const own of Map.groupBy(within, ({ source }) => source).values()) {
    for (const counter of counters) {
      const values = own.flatMap(({ values }) => (values[counter] === undefined ? [] : [values[counter]]));
      total += Math.max(0, (values[values.length - 1] ?? 0) - (values[0] ?? 0));
    }
  }
  return total;
}

/** How long before a read a version newer than the one it showed had been acknowledged (ms). */
function agesOf(writes: readonly Operation[]): (read: Operation) => number {
  const order = [...writes].sort((a, b) => versionOf(b) - versionOf(a));
  return (read) => {
    let earliest = Number.POSITIVE_INFINITY;
    for (const write of order) {
      if (versionOf(write) <= versionOf(read)) break;
      earliest = Math.min(earliest, write.completedAt);
    }
    return Number.isFinite(earliest) ? Math.max(0, read.invokedAt - earliest) : 0;
  };
}

const ratio = ({ hits, reads }: Point): number => hits / reads;
const percent = (point: Point): string => `${(100 * ratio(point)).toFixed(1)} %`;
const staleP99 = ({ ages }: Point): number =>
  quantile(
    ages.map(({ ageMs }) => ageMs),
    0.99,
  );

function numbersOf(points: readonly Point[]): Record<string, number> {
  return Object.fromEntries(
    points.flatMap((point) => [
      [`hitPercentAt${point.ttlMs}Ms`, 100 * ratio(point)],
      [`staleP99At${point.ttlMs}Ms`, staleP99(point)],
      [`staleMaxAt${point.ttlMs}Ms`, largest(point.ages.map(({ ageMs }) => ageMs))],
    ]),
  );
}
