/** HA-24: of two ways to do the same, one is answered sooner. Pairs are judged, so that what slows both down at one time explains nothing. */
import { type Operation, tookMs } from "../core/history.ts";
import { median } from "../core/stats.ts";
import { type Checker, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, ms } from "./judge.ts";
import { busyAbout, leastLookMs, unlessExcused } from "./saturation.ts";

export interface PairOptions {
  readonly fast: string;
  readonly slow: string;
  /** Only pairs while this fault, such as a distance, was in effect. */
  readonly during: string;
}

const least = 100;
/** The two-sided 99.9 % quantile of the normal distribution. */
const z = 3.2905;
/** The quicker way has to be quicker by a tenth of the time, and in two of three pairs, or it is as slow for all that can be told. */
const tenth = 0.9;
const asSlowShare = 2 / 3;

/**
 * A client does both, one right after the other: `fast` is answered sooner than `slow` in more than half of the pairs, with 99.9 % confidence (Wilson's interval of
 * the sign test). It violates when the share is certainly below two thirds and the medians differ by less than a tenth, unless the processors had no time left: who waits for
 * one makes both answers late by so much that the way is lost in it.
 */
export function answeredSooner({ fast, slow, during }: PairOptions): Checker {
  return (evidence) => {
    const spans = seenBiting(evidence.faults, during);
    const within = ({ invokedAt, answeredAt }: Operation): boolean =>
      spans.some(({ bitingAt, healingAt }) => invokedAt >= bitingAt && answeredAt <= healingAt);
    const pairs = pairsOf(evidence.operations, fast, slow).filter((pair) => pair.every(within));
    const unequal = pairs.filter(([one, other]) => tookMs(one) !== tookMs(other));
    const sooner = unequal.filter(([one, other]) => tookMs(one) < tookMs(other)).length;
    const [low, high] = wilson(sooner, unequal.length);
    const [fastMs, slowMs] = [median(pairs.map(([one]) => tookMs(one))), median(pairs.map(([, other]) => tookMs(other)))];
    const told = `in ${sooner} of ${unequal.length} pairs ${fast} was answered sooner than ${slow} (median ${ms(fastMs)} against ${ms(slowMs)})`;
    const numbers = { pairs: unequal.length, soonerPercent: (100 * sooner) / unequal.length, fastP50Ms: fastMs, slowP50Ms: slowMs };
    const property = `${fast} is answered sooner than ${slow}`;
    const nothing = `Fewer than ${least} pairs of ${fast} and ${slow} were made during ${during}.`;
    if (unequal.length < least) return conclude(property, 0, [], { holds: "", nothing });
    const violated = high < asSlowShare && fastMs > tenth * slowMs;
    const time = pairs.reduce((first, [one]) => Math.min(first, one.invokedAt), Number.POSITIVE_INFINITY);
    const until = pairs.reduce((last, [one]) => Math.max(last, one.answeredAt), time);
    const found = violated ? [{ time, until, text: `from ${at(time)} on, ${told}.` }] : [];
    const check = conclude(property, unequal.length, found, { holds: `Of all pairs, ${told}.`, nothing }, numbers);
    if (violated) return unlessExcused(check, (from, to) => busyAbout(evidence.samples, leastLookMs, from, to));
    return low > 0.5 ? check : { ...check, verdict: "inconclusive", summary: `It cannot be told which is sooner: ${told}.` };
  };
}

/** Neighbours in what one client did: the fast and the slow one of each, in either order, both answered. */
function pairsOf(operations: readonly Operation[], fast: string, slow: string): (readonly [Operation, Operation])[] {
  const found: (readonly [Operation, Operation])[] = [];
  for (const all of Map.groupBy(operations, ({ process }) => process).values()) {
    const inOrder = [...all].sort((a, b) => a.index - b.index);
    for (let i = 1; i < inOrder.length; i++) {
      const [one, other] = [inOrder[i - 1] as Operation, inOrder[i] as Operation];
      if (one.outcome !== "ok" || other.outcome !== "ok") continue;
      if (one.f === fast && other.f === slow) found.push([one, other]);
      else if (one.f === slow && other.f === fast) found.push([other, one]);
      else continue;
      i++;
    }
  }
  return found;
}

/** Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927. */
function wilson(successes: number, n: number): readonly [low: number, high: number] {
  if (n === 0) return [0, 1];
  const p = successes / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [centre - half, centre + half];
}
