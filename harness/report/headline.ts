/** The few numbers of a run that are worth following from one run to the next. Pure. */
import type { ExperimentVerdict, SuiteVerdict } from "../core/verdict.ts";
import { capacityOf } from "./findings.ts";

/** How clients fared, as `checkers/availability.ts` names it: the worst of the experiment's checks. Unmeasured figures are absent. */
export interface Recovery {
  /** From the request of a fault to the first failure or slow answer (ms). */
  readonly timeToDetectMs?: number;
  /** From the request to the first claim of the victim's work by somebody else (ms). */
  readonly timeToHandOverMs?: number;
  /** From the heal to the first success (ms). */
  readonly timeToFirstSuccessMs?: number;
  /** From the first failure to the first success after it (ms): the time to repair, as clients see it. */
  readonly failureToSuccessMs?: number;
  /** From the heal to the first of three steady seconds (ms). */
  readonly timeToSteadyMs?: number;
}

export const recoveryTimes = [
  "timeToDetectMs",
  "timeToHandOverMs",
  "timeToFirstSuccessMs",
  "failureToSuccessMs",
  "timeToSteadyMs",
] as const satisfies readonly (keyof Recovery)[];

/** Throughput of an experiment on a number of instances. */
export interface Throughput {
  readonly experiment: string;
  readonly instances: number;
  readonly perSecond: number;
}

/** Figures of all checks of the experiment, by name. */
function numbersOf(experiment: ExperimentVerdict): readonly (readonly [name: string, value: number])[] {
  return experiment.claims
    .flatMap((claim) => claim.checks.flatMap((check) => Object.entries(check.numbers)))
    .filter(([, value]) => Number.isFinite(value));
}

export function recoveryOf(experiment: ExperimentVerdict): Recovery {
  const numbers = numbersOf(experiment);
  const worst = recoveryTimes.flatMap((name) => {
    const values = numbers.filter(([found]) => found === name).map(([, value]) => value);
    return values.length > 0 ? [[name, Math.max(...values)] as const] : [];
  });
  return Object.fromEntries(worst);
}

/** The smallest share of operations that an experiment's availability checks saw served; undefined where none looked. */
export function successRatioOf(experiment: ExperimentVerdict): number | undefined {
  const ratios = numbersOf(experiment).flatMap(([name, value]) => (name === "successRatio" ? [value] : []));
  return ratios.length > 0 ? Math.min(...ratios) : undefined;
}

/**
 * Mean time to repair (ms): the mean over the experiments with faults of the time from the first failure that a client saw to the first success after it. undefined
 * where clients saw none fail.
 */
export function meanTimeToRepairMs(suite: SuiteVerdict): number | undefined {
  const times = suite.experiments.flatMap((experiment) => recoveryOf(experiment).failureToSuccessMs ?? []);
  return times.length > 0 ? times.reduce((sum, time) => sum + time, 0) / times.length : undefined;
}

/** What was measured of throughput on growing numbers of instances. */
export function throughputsOf(suite: SuiteVerdict): readonly Throughput[] {
  return capacityOf(suite.experiments.map((verdict) => ({ verdict }))).flatMap(({ experiment, points }) =>
    points.map(({ instances, perSecond }) => ({ experiment, instances, perSecond })),
  );
}
