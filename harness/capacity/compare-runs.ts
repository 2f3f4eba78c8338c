/** Two capacity runs that were measured at different times: what the machine did in the meantime meets only one of them, so less can be told than from pairs. */
import type { Random } from "../core/random.ts";
import { type Change, compareRatio, type FigureCompared, figuresOf, floorOf, leastNoisePairs, validPair, worst } from "./compare.ts";
import type { Estimate } from "./intervals.ts";
import { machineKey } from "./machine.ts";
import { pairedRatio, unpairedRatio } from "./paired.ts";
import { pointsByLoad } from "./points.ts";
import type { CapacityResult, Pair, Point } from "./result.ts";

/** What two quiet runs of one build on one machine may differ by (5 %): nothing cancels what changes from day to day. */
const betweenRuns = 0.05;
/** Repeats of a point that an interval needs. */
const leastRepeats = 3;

export interface RunsCompared {
  readonly verdict: Change;
  readonly figures: readonly FigureCompared[];
  /** What could not be compared, and in what the two runs differ: sentences. */
  readonly remarks: readonly string[];
}

export function compareRuns(a: CapacityResult, b: CapacityResult, random: Random): RunsCompared {
  const apart = differences(a, b);
  const refused = refusal(a, b);
  if (refused !== "") return { verdict: "inconclusive", figures: [], remarks: [refused, ...apart] };
  const noise = [a.noise, b.noise].map((pairs) => pairs.filter(validPair)) as [Pair[], Pair[]];
  const measured = pointFigures(a, b, noise, random);
  const figures = [...measured.figures, ...sustainableFigure(a, b)];
  const remarks = [...measured.remarks, ...apart];
  if (figures.length === 0) remarks.unshift("Nothing was measured in both runs with at least 3 valid repeats.");
  return { verdict: figures.length === 0 ? "inconclusive" : worst(figures.map(({ verdict }) => verdict)), figures, remarks };
}

function refusal(a: CapacityResult, b: CapacityResult): string {
  if (machineKey(a.machine) !== machineKey(b.machine))
    return `The runs were measured on different machines (${machineKey(a.machine)}; ${machineKey(b.machine)}).`;
  if (a.target !== b.target || a.scenario !== b.scenario)
    return `The runs measured different things: ${a.scenario || "no scenario"} on ${a.target}, and ${b.scenario || "no scenario"} on ${b.target}.`;
  return "";
}

function differences(a: CapacityResult, b: CapacityResult): string[] {
  const of = (what: string, left: Readonly<Record<string, string | number>>, right: Readonly<Record<string, string | number>>): string[] =>
    [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) =>
      left[name] === right[name] ? [] : [`The ${what} ${name} differs: ${left[name] ?? "absent"} in A, ${right[name] ?? "absent"} in B.`],
    );
  return [...of("setting", a.settings, b.settings), ...of("objective", a.objectives, b.objectives)];
}

type Compared = Pick<RunsCompared, "figures" | "remarks">;

function pointFigures(a: CapacityResult, b: CapacityResult, noise: readonly [Pair[], Pair[]], random: Random): Compared {
  const [left, right] = [pointsByLoad(a), pointsByLoad(b)];
  const both = [...left].flatMap(([what, points]) => {
    const others = right.get(what);
    return others && points.length >= leastRepeats && others.length >= leastRepeats ? [{ what, points, others }] : [];
  });
  if (both.length === 0) return { figures: [], remarks: [] };
  if (noise.some((pairs) => pairs.length < leastNoisePairs)) {
    const text = `${both.length} points were measured in both runs, and not compared: at least ${leastNoisePairs} valid pairs of a build against itself were expected in each run, and there are ${noise[0].length} and ${noise[1].length}.`;
    return { figures: [], remarks: [text] };
  }
  const figures = both.flatMap(({ what, points, others }) =>
    figuresOf([...points, ...others]).flatMap(({ name, of, moreIsBetter }) => {
      const ratio = positive(points.map(of), others.map(of), (x, y) => unpairedRatio(x, y, random));
      const floors = noise.map((pairs) => ratioOfNoise(pairs, of, random));
      if (!ratio || floors.includes(null)) return [];
      return [compareRatio({ name: `${what}, ${name}`, moreIsBetter }, ratio, Math.max(betweenRuns, ...(floors as number[])))];
    }),
  );
  return { figures, remarks: [] };
}

function ratioOfNoise(pairs: readonly Pair[], of: (point: Point) => number, random: Random): number | null {
  return positive(
    pairs.map(({ a }) => of(a)),
    pairs.map(({ b }) => of(b)),
    (x, y) =>
      floorOf(
        pairedRatio(
          y.map((value, i) => value / (x[i] as number)),
          random,
        ),
      ),
  );
}

/** null where a value is 0 or missing: there is no ratio. */
function positive<T>(x: readonly number[], y: readonly number[], then: (x: readonly number[], y: readonly number[]) => T): T | null {
  return [...x, ...y].every((value) => value > 0 && Number.isFinite(value)) ? then(x, y) : null;
}

/** The interval of the search takes the place of an interval of statistics. */
function sustainableFigure({ sustainable: a }: CapacityResult, { sustainable: b }: CapacityResult): FigureCompared[] {
  if (!a || !b || a.instances !== b.instances || !(a.lowPerSecond > 0 && b.lowPerSecond > 0)) return [];
  const name = `${a.instances} instances, sustainable rate`;
  if (a.highPerSecond === null || b.highPerSecond === null)
    return [
      { name, verdict: "inconclusive", ratio: null, floor: 0, summary: `${name}: one search ended before anything failed, so its end is not known.` },
    ];
  const ratio: Estimate = {
    value: (b.lowPerSecond + b.highPerSecond) / (a.lowPerSecond + a.highPerSecond),
    low: b.lowPerSecond / a.highPerSecond,
    high: b.highPerSecond / a.lowPerSecond,
  };
  return [compareRatio({ name, moreIsBetter: true }, ratio, betweenRuns)];
}
