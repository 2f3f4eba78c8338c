/** How throughput grows with instances, judged on measured points: linear (LG-4), or at all (HS-1). */
import type { Random } from "../core/random.ts";
import type { Verdict } from "../core/verdict.ts";
import { type Estimate, percentileInterval } from "./intervals.ts";
import { fitUsl, meanNoise, relativeResiduals, type Sized, sizesOf, type UslFit } from "./usl.ts";
import { throughput } from "./usl-law.ts";

export interface GrowthAsked {
  /** In words: "grows linearly within 10 %". */
  readonly property: string;
  /** The speed-up over the smallest number of instances that is required where `ratio` times as many serve: 0.9 x ratio, or 1.1. */
  readonly leastSpeedup: (ratio: number) => number;
  /** What else could explain a shortfall, as sentences: saturated cores, a generator at its end. With one nothing is violated. */
  readonly excuses: readonly string[];
}

/** LG-4. @param tolerance how much less than linear is still linear: 0.1 */
export function linear(tolerance: number, excuses: readonly string[]): GrowthAsked {
  const percent = (100 * tolerance).toFixed(0);
  return { property: `throughput grows linearly within ${percent} %`, leastSpeedup: (ratio) => (1 - tolerance) * ratio, excuses };
}

/** HS-1. More has to be more than what the noise of two windows makes: a tenth. */
export function carriesMore(excuses: readonly string[]): GrowthAsked {
  return { property: "more instances carry more load", leastSpeedup: () => 1.1, excuses };
}

export interface GrowthJudged {
  readonly verdict: Verdict;
  readonly summary: string;
  /** From the means alone, whatever the law. Absent when nothing could be judged. */
  readonly measured?: Estimate;
  /** From the fitted law. */
  readonly fitted?: Estimate;
  readonly fit?: UslFit;
}

const resamples = 1000;

/**
 * Judges the speed-up from the smallest to the largest number of instances, twice: by the fitted law, which uses every point, and by the means of those two alone, which
 * need no law. It holds when both intervals (95 %) lie above what is required, it is violated when both lie below; a law that does not fit the points thus decides nothing.
 */
export function judgeGrowth(points: readonly Sized[], asked: GrowthAsked, random: Random): GrowthJudged {
  const fit = fitUsl(points, random);
  if (typeof fit === "string") return { verdict: "inconclusive", summary: fit };
  const sizes = sizesOf(points);
  if (sizes.some(({ repeats }) => repeats < 2))
    return {
      verdict: "inconclusive",
      summary: "Each number of instances was expected to be measured at least twice: one measurement says nothing of the noise.",
      fit,
    };
  const [first, last] = [sizes[0], sizes.at(-1)] as [(typeof sizes)[number], (typeof sizes)[number]];
  const means = new Map(sizes.map(({ instances, perSecond }) => [instances, perSecond]));
  const residuals = relativeResiduals(points, (instances) => means.get(instances) as number, sizes.length);
  const ratio = last.perSecond / first.perSecond;
  const ratios = Array.from(
    { length: resamples },
    () => (ratio * (1 + meanNoise(last.repeats, residuals, random))) / (1 + meanNoise(first.repeats, residuals, random)),
  );
  const measured = { value: ratio, ...percentileInterval(ratios) };
  const byLaw = (law: UslFit["law"]): number => throughput(law, last.instances) / throughput(law, first.instances);
  const fitted = { value: byLaw(fit.law), ...percentileInterval(fit.laws.map(byLaw)) };
  const least = asked.leastSpeedup(last.instances / first.instances);
  const told = `${last.instances} instances did ${times(measured)} what ${first.instances} did; by the fitted law ${times(fitted)}. At least ${least.toFixed(2)} is asked for`;
  const found = { measured, fitted, fit };
  if (measured.low >= least && fitted.low >= least) return { verdict: "holds", summary: `${told}.`, ...found };
  const short = measured.high < least && fitted.high < least;
  if (short && asked.excuses.length === 0) return { verdict: "violated", summary: `${told}.`, ...found };
  const why = short ? asked.excuses.join("; ") : "the intervals do not lie on one side of it";
  return { verdict: "inconclusive", summary: `${told}: ${why}.`, ...found };
}

function times({ value, low, high }: Estimate): string {
  return `${value.toFixed(2)} times (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
