/** Fitting the Universal Scalability Law to measured points, with intervals; and what may be predicted from it. */
import type { Random } from "../core/random.ts";
import { largest } from "../core/stats.ts";
import { type Estimate, mean, percentileInterval, studentFactor } from "./intervals.ts";
import { fitLaw, type Law, throughput, type Weighted } from "./usl-law.ts";

export interface Sized {
  readonly instances: number;
  readonly perSecond: number;
}

export interface UslFit {
  readonly law: Law;
  readonly lambda: Estimate;
  readonly sigma: Estimate;
  readonly kappa: Estimate;
  /** The law of each resample: whatever is derived from the law gets its interval from them. */
  readonly laws: readonly Law[];
  readonly largestInstances: number;
}

/** Each a fit: fewer than for means. */
const resamples = 500;

/** Beyond so many times the largest number of instances that was measured nothing is predicted. */
const farthest = 2;

/** @returns null where the law is not to be believed: beyond twice the largest number of instances that was measured */
export function predict(fit: UslFit, instances: number): Estimate | null {
  if (!(instances > 0) || instances > farthest * fit.largestInstances) return null;
  return { value: throughput(fit.law, instances), ...percentileInterval(fit.laws.map((law) => throughput(law, instances))) };
}

export interface Peak {
  /** Infinity: without coherency cost throughput has no peak. */
  readonly instances: Estimate;
  /** null: the peak lies beyond what may be predicted. */
  readonly perSecond: Estimate | null;
}

/** Where throughput is greatest; more instances than that make it less. */
export function peak(fit: UslFit): Peak {
  const instances = { value: peakOf(fit.law), ...percentileInterval(fit.laws.map(peakOf)) };
  return { instances, perSecond: predict(fit, instances.value) };
}

/** Infinity where nothing bends the curve down. */
export function peakOf({ sigma, kappa }: Law): number {
  return kappa > 0 ? Math.max(1, Math.sqrt(Math.max(0, 1 - sigma) / kappa)) : Number.POSITIVE_INFINITY;
}

/**
 * Fits the law by least squares of relative errors (noise is taken to be proportional to the throughput), with sigma and kappa not below 0. The intervals (95 %) are of a
 * residual bootstrap, the residuals widened by what the fit has taken out of them (Efron and Tibshirani, section 9.4) and for not knowing the noise.
 *
 * @returns a sentence instead when the points cannot decide three parameters
 */
export function fitUsl(points: readonly Sized[], random: Random): UslFit | string {
  const bad = points.find(
    ({ instances, perSecond }) => !(instances > 0 && Number.isFinite(instances) && perSecond > 0 && Number.isFinite(perSecond)),
  );
  if (bad) return `Points with instances and throughput above 0 were expected; one has ${bad.instances} instances and ${bad.perSecond}/s.`;
  const sizes = sizesOf(points);
  if (sizes.length < 3 || points.length < 4)
    return `The law has three parameters: at least 4 points at 3 numbers of instances were expected, ${points.length} at ${sizes.length} were measured.`;
  const law = fitLaw(sizes);
  const residuals = relativeResiduals(points, (instances) => throughput(law, instances), 3);
  const laws = Array.from({ length: resamples }, () =>
    fitLaw(sizes.map((size) => ({ ...size, perSecond: throughput(law, size.instances) * (1 + meanNoise(size.repeats, residuals, random)) }))),
  );
  const estimate = (of: (law: Law) => number): Estimate => ({ value: of(law), ...percentileInterval(laws.map(of)) });
  return {
    law,
    lambda: estimate(({ lambda }) => lambda),
    sigma: estimate(({ sigma }) => sigma),
    kappa: estimate(({ kappa }) => kappa),
    laws,
    largestInstances: largest(points.map(({ instances }) => instances)),
  };
}

interface Size extends Weighted {
  readonly repeats: number;
}

/** The mean of each number of instances, smallest first. */
export function sizesOf(points: readonly Sized[]): readonly Size[] {
  return [...Map.groupBy(points, ({ instances }) => instances)]
    .map(([instances, of]) => {
      const perSecond = mean(of.map((point) => point.perSecond));
      return { instances, perSecond, repeats: of.length, weight: of.length / perSecond ** 2 };
    })
    .sort((a, b) => a.instances - b.instances);
}

/** Relative residuals of a model of `parameters` parameters around their mean, widened to the noise that they stand for. */
export function relativeResiduals(points: readonly Sized[], model: (instances: number) => number, parameters: number): number[] {
  const degrees = points.length - parameters;
  const widening = Math.sqrt(points.length / degrees) * studentFactor(degrees);
  const residuals = points.map(({ instances, perSecond }) => perSecond / model(instances) - 1);
  const centre = mean(residuals);
  return residuals.map((residual) => widening * (residual - centre));
}

/** The mean of so many drawn residuals. Not below -99 %: that much noise would leave no throughput. */
export function meanNoise(repeats: number, residuals: readonly number[], random: Random): number {
  let noise = 0;
  for (let i = 0; i < repeats; i++) noise += random.pick(residuals);
  return Math.max(-0.99, noise / repeats);
}
