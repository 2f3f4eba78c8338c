/** AB-20: what must not grow without bound (memory, connections, rows) does not: the slope of a sampled gauge with its confidence interval. */
import type { Sample } from "../core/records.ts";
import { stretches, type Trend, trendOf } from "../core/trend.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { calmStretches, longest } from "./calm.ts";
import { at } from "./judge.ts";

export interface GrowthOptions {
  /** The sources that are judged, each by itself: those whose name is this, or this with a number (`api` is `api-1`, `api-2`). */
  readonly of: string;
  /** The sampled gauge: `rssMb`. */
  readonly gauge: string;
  /** How much it may grow in an hour, in the gauge's unit. */
  readonly atMostPerHour: number;
  /** A calm stretch shorter than this says nothing of hours (ms). */
  readonly leastMs: number;
}

/** Neighbouring samples depend on each other; medians of so many stretches of the time hardly do. */
const parts = 20;
const hourMs = 3_600_000;

/**
 * Over the longest calm stretch, without its first fifth (caches and compilers warm up), the gauge of no source certainly grows faster than allowed:
 * not over the whole of it and not over its later half, each by the lower end of a 99 % confidence interval. Where even the upper ends keep the bound it holds;
 * between the two nobody knows.
 */
export function boundedGrowth({ of, gauge, atMostPerHour, leastMs }: GrowthOptions): Checker {
  return (evidence) => {
    const property = `${gauge} of ${of} does not grow beyond ${atMostPerHour} an hour`;
    const { from: began, to } = longest(calmStretches(evidence, firstSampleAt(evidence))) ?? { from: 0, to: 0 };
    // The first fifth is left out.
    const from = began + (to - began) / 5;
    const numbers: Record<string, number> = {};
    const found: Counterexample[] = [];
    const doubts: string[] = [];
    let examined = 0;
    const bySource = Map.groupBy(evidence.samples.filter(judged(of, gauge)), (sample) => sample.source);
    for (const [source, samples] of to - began < leastMs ? [] : bySource) {
      const whole = slope(samples, gauge, from, to);
      const later = slope(samples, gauge, (from + to) / 2, to);
      if (whole === null || later === null) continue;
      examined++;
      numbers[`${source} ${gauge}PerHour`] = whole.slope;
      numbers[`${source} ${gauge}PerHourLow`] = whole.low;
      numbers[`${source} ${gauge}PerHourHigh`] = whole.high;
      const told = `${gauge} of ${source} grew by ${range(whole)} an hour from ${at(from)} to ${at(to)}, and by ${range(later)} in the later half of that`;
      if (whole.low > atMostPerHour && later.low > atMostPerHour) found.push({ time: from, text: `${told}; ${atMostPerHour} are allowed.` });
      else if (whole.high > atMostPerHour) doubts.push(told);
    }
    const text = {
      holds: `${gauge} of ${examined} sources grew by no more than ${atMostPerHour} an hour, with 99 % confidence.`,
      nothing: `There was no calm stretch of ${leastMs / 1000} s with samples of ${gauge} of ${of}.`,
    };
    const check = conclude(property, examined, found, text, numbers);
    if (check.verdict !== "holds" || doubts.length === 0) return check;
    return { ...check, verdict: "inconclusive", summary: `The time was too short or the readings too unsteady to tell: ${doubts.join("; ")}.` };
  };
}

function judged(of: string, gauge: string): (sample: Sample) => boolean {
  const numbered = `${of}-`;
  return ({ source, values }) =>
    Number.isFinite(values[gauge]) && (source === of || (source.startsWith(numbered) && /^\d+$/.test(source.slice(numbered.length))));
}

function firstSampleAt({ samples }: Evidence): number {
  return samples.reduce((first, { time }) => Math.min(first, time), Number.POSITIVE_INFINITY);
}

/** Per hour. */
function slope(samples: readonly Sample[], gauge: string, from: number, to: number): Trend | null {
  const inside = samples.filter(({ time }) => time >= from && time <= to);
  const medians = stretches(
    inside.map(({ time }) => time / hourMs),
    inside.map(({ values }) => values[gauge] as number),
    parts,
  );
  return trendOf(medians.times, medians.values);
}

function range({ slope, low, high }: Trend): string {
  return `${slope.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}
