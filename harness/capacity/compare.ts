/** Whether B is better or worse than A, from pairs of windows (A B, B A, ...) and from pairs of A against itself, which tell how much means nothing. */
import type { Random } from "../core/random.ts";
import type { Estimate, Interval } from "./intervals.ts";
import { pairedRatio } from "./paired.ts";
import { validPoint } from "./points.ts";
import type { Pair, Point } from "./result.ts";

export type Change = "better" | "worse" | "same" | "inconclusive";

/** With fewer pairs an interval is too wide to rest a release on; more than twenty take longer than they tell. */
export const leastPairs = 10;
/** With fewer pairs of A against itself its interval says more of their number than of the noise. */
export const leastNoisePairs = 5;
/** No release depends on less than this (1 %). */
const leastFloor = 0.01;
/** Two builds whose ratio certainly lies within this (5 %) are the same. */
const sameWithin = 0.05;

export interface Figure {
  readonly name: string;
  readonly of: (point: Point) => number;
  readonly moreIsBetter: boolean;
  /** Without it there is no verdict other than worse. */
  readonly needed: boolean;
}

/** What hardly varies comes first: it tells two builds apart where the time of a noisy machine cannot. */
export function figuresOf(points: readonly Point[]): readonly Figure[] {
  const counts = [...new Set(points.flatMap(({ counts }) => Object.keys(counts)))].sort();
  return [
    ...counts.map((name) => ({
      name: `${name} per operation`,
      of: (point: Point) => (point.counts[name] ?? Number.NaN) / point.operations,
      moreIsBetter: false,
      needed: false,
    })),
    { name: "successful operations per second", of: ({ achievedPerSecond }) => achievedPerSecond, moreIsBetter: true, needed: true },
    { name: "p50 (ms)", of: ({ p50Ms }) => p50Ms, moreIsBetter: false, needed: true },
    { name: "p95 (ms)", of: ({ p95Ms }) => p95Ms, moreIsBetter: false, needed: true },
  ];
}

export interface FigureCompared {
  readonly name: string;
  readonly verdict: Change;
  /** B over A. null: no ratio could be told. */
  readonly ratio: Estimate | null;
  /** How far from 1 a ratio may be and mean nothing: 0.03 is 3 %. */
  readonly floor: number;
  readonly summary: string;
}

export interface Comparison {
  readonly verdict: Change;
  readonly summary: string;
  readonly figures: readonly FigureCompared[];
  readonly pairs: number;
  readonly noisePairs: number;
}

/** Worse outranks inconclusive, which outranks better: a release is not waved through on half of its figures. */
const rank: Record<Change, number> = { same: 0, better: 1, inconclusive: 2, worse: 3 };

export function worst(changes: readonly Change[]): Change {
  return changes.reduce<Change>((most, next) => (rank[next] > rank[most] ? next : most), "same");
}

/**
 * The noise floor of a figure is the farther end of the interval (99 %) of A against itself. B is better or worse where its ratio lies beyond the floor and the interval of it on
 * one side of 1, the same where the interval lies within 5 % of 1, and else nobody knows. Pairs with a void window are left out.
 *
 * @param resamples of each interval; fewer make its ends less certain
 */
export function comparePairs(noise: readonly Pair[], pairs: readonly Pair[], random: Random, resamples = 1000): Comparison {
  const [ownNoise, own] = [noise.filter(validPair), pairs.filter(validPair)];
  const counted = { pairs: own.length, noisePairs: ownNoise.length };
  const refusal = refusalOf(ownNoise, own);
  if (refusal !== "") return { verdict: "inconclusive", summary: refusal, figures: [], ...counted };
  const asked = figuresOf(own.flatMap(({ a, b }) => [a, b]));
  const figures = asked.map((figure) => compareFigure(figure, ownNoise, own, (ratios) => pairedRatio(ratios, random, resamples)));
  // A count that nobody can tell says nothing against what time tells.
  const telling = figures.filter(({ verdict }, i) => asked[i]?.needed || verdict !== "inconclusive");
  const verdict = worst(telling.map((figure) => figure.verdict));
  const first = telling.find((figure) => figure.verdict === verdict);
  const same = `None of ${telling.length} figures differs by more than ${percent(sameWithin)}, in ${own.length} pairs.`;
  return { verdict, summary: verdict === "same" || !first ? same : first.summary, figures, ...counted };
}

export function validPair({ a, b }: Pair): boolean {
  return validPoint(a) && validPoint(b);
}

function refusalOf(noise: readonly Pair[], pairs: readonly Pair[]): string {
  if (noise.length < leastNoisePairs)
    return `At least ${leastNoisePairs} valid pairs of A against itself were expected, and there are ${noise.length}: without the noise floor no difference means anything.`;
  if (pairs.length < leastPairs) return `At least ${leastPairs} valid pairs were expected, and there are ${pairs.length}.`;
  const first = pairs.filter(({ order }) => order === "AB").length;
  if (Math.abs(2 * first - pairs.length) > pairs.length / 4)
    return `A came first in ${first} of ${pairs.length} pairs: about half were expected, or else what changes from a first window to a second is taken for a difference.`;
  return "";
}

function compareFigure(
  { name, of, moreIsBetter }: Figure,
  noise: readonly Pair[],
  pairs: readonly Pair[],
  interval: (ratios: number[]) => Estimate,
): FigureCompared {
  const values = [...noise, ...pairs].flatMap(({ a, b }) => [of(a), of(b)]);
  if (values.every((value) => value === 0)) return { name, verdict: "same", ratio: null, floor: 0, summary: `${name}: 0 in all windows.` };
  if (!values.every((value) => value > 0 && Number.isFinite(value)))
    return { name, verdict: "inconclusive", ratio: null, floor: 0, summary: `${name}: a window has none, so there is no ratio.` };
  const ratiosOf = (all: readonly Pair[]): number[] => all.map(({ a, b }) => of(b) / of(a));
  return compareRatio({ name, moreIsBetter }, interval(ratiosOf(pairs)), floorOf(interval(ratiosOf(noise))));
}

/** An interval of 99 % is so many times as wide as one of 95 %. */
const wider = 1.314;

/** The farther end of the interval of A against itself (99 %, by its interval of 95 %), as a share. */
export function floorOf({ low, high }: Interval): number {
  return Math.max(leastFloor, high ** wider - 1, low ** -wider - 1);
}

/** What a ratio B over A with its interval says above a noise floor. */
export function compareRatio({ name, moreIsBetter }: Pick<Figure, "name" | "moreIsBetter">, ratio: Estimate, floor: number): FigureCompared {
  const up = ratio.low > 1 && ratio.value > 1 + floor;
  const down = ratio.high < 1 && ratio.value < 1 / (1 + floor);
  // Where A differs from itself by more than that, nothing is the same for certain.
  const near = floor <= sameWithin && ratio.low > 1 / (1 + sameWithin) && ratio.high < 1 + sameWithin;
  const verdict: Change = up || down ? (up === moreIsBetter ? "better" : "worse") : near ? "same" : "inconclusive";
  const told = `${name}: ${ratio.value.toFixed(3)} times (${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}) that of A, with a noise floor of ${percent(floor)}`;
  return { name, verdict, ratio, floor, summary: `${told}: ${verdict}.` };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
