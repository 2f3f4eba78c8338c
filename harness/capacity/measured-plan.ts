/** How many instances a load needs, from what a capacity run measured. */
import type { Random } from "../core/random.ts";
import { validPoint } from "./points.ts";
import type { CapacityResult } from "./result.ts";
import { fitUsl, peak, predict, type UslFit } from "./usl.ts";

export interface MeasuredPlan {
  readonly perSecond: number;
  /** Least whose predicted throughput (lower end of the interval) carries the load with the workers no busier than asked. null: none that may be predicted does. */
  readonly needed: number | null;
  /** Why, as sentences. */
  readonly sentences: readonly string[];
  readonly fit: UslFit | null;
}

/** @param utilisation share of the measured throughput that may be used (0..1) */
export function planFromRun(result: CapacityResult, perSecond: number, utilisation: number, random: Random): MeasuredPlan {
  const points = result.scaling.filter(validPoint).map(({ instances, achievedPerSecond }) => ({ instances, perSecond: achievedPerSecond }));
  const sustained = sustainedSentence(result);
  const fit = fitUsl(points, random);
  if (typeof fit === "string")
    return { perSecond, needed: null, sentences: [...sustained, `No growth can be predicted from this run. ${fit}`], fit: null };
  const { lambda, sigma, kappa, largestInstances } = fit;
  const range = ({ value, low, high }: { readonly value: number; readonly low: number; readonly high: number }): string =>
    `${short(value)} (${short(low)} to ${short(high)})`;
  const farthest = 2 * largestInstances;
  let needed: number | null = null;
  for (let count = 1; count <= farthest && needed === null; count++) if ((predict(fit, count)?.low ?? 0) * utilisation >= perSecond) needed = count;
  const top = peak(fit);
  const most = predict(fit, Math.min(farthest, Math.max(1, Math.floor(top.instances.value))));
  const sentences = [
    ...sustained,
    `One instance does ${range(lambda)}/s; contention ${range(sigma)}, coherency ${range(kappa)}, from ${points.length} points at up to ${largestInstances} instances.`,
    Number.isFinite(top.instances.value) && top.perSecond
      ? `Throughput is greatest with ${short(top.instances.value)} instances: ${range(top.perSecond)}/s.`
      : `Throughput has no peak up to ${farthest} instances, twice the most that was measured; nothing is said of more.`,
    needed === null
      ? `No number of instances up to ${farthest} certainly carries ${perSecond}/s with ${Math.round(100 * (1 - utilisation))} % to spare; the most that is predicted is ${most ? range(most) : "nothing"}/s.`
      : `Needed: ${needed} instances for ${perSecond}/s with ${Math.round(100 * (1 - utilisation))} % to spare, by the lower end of the interval (${range(predict(fit, needed) ?? lambda)}/s); ${needed + 1} with one down.`,
  ];
  return { perSecond, needed, sentences, fit };
}

function sustainedSentence({ sustainable }: CapacityResult): string[] {
  if (!sustainable) return [];
  const { instances, lowPerSecond, highPerSecond, limit } = sustainable;
  if (lowPerSecond === 0) return [`Measured: no rate was found at which ${instances} instances kept the objectives.`];
  const above = highPerSecond === null ? "nothing failed up to there" : `${short(highPerSecond)}/s did not`;
  return [`Measured: ${instances} instances kept the objectives at ${short(lowPerSecond)}/s, and ${above}; limited by ${limit.by}.`];
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
