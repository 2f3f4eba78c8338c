/**
 * What `behavior` of a horizontal pod autoscaler (autoscaling/v2) says of one direction: how long a recommendation has to last, and how many pods change in a period. Source: the
 * Kubernetes documentation, "Horizontal Pod Autoscaling". AB-16.
 */

export type Direction = "up" | "down";

export interface ScalingPolicy {
  /** So many pods, or so many per cent of those at the period's begin. */
  readonly of: "pods" | "percent";
  readonly value: number;
  readonly periodMs: number;
}

export interface ScalingRules {
  /** Up: the lowest recommendation of this time is followed; down: the highest (ms). */
  readonly stabilisationMs: number;
  readonly policies: readonly ScalingPolicy[];
  /** Which policy decides where there are several: that of the greatest change, or of the least; or nothing changes in this direction. */
  readonly select: "most" | "least" | "disabled";
}

const quarter = 15_000;

/** What a cluster does where the manifest says nothing. */
export const usualRules: Readonly<Record<Direction, ScalingRules>> = {
  up: {
    stabilisationMs: 0,
    policies: [
      { of: "percent", value: 100, periodMs: quarter },
      { of: "pods", value: 4, periodMs: quarter },
    ],
    select: "most",
  },
  down: { stabilisationMs: 300_000, policies: [{ of: "percent", value: 100, periodMs: quarter }], select: "most" },
};

export interface Change {
  readonly time: number;
  /** Pods that were added; negative: taken away. */
  readonly by: number;
}

/** How far the number of pods may go in this direction now: never back. `changes` are those of the longest period at least. */
export function limitOf(direction: Direction, rules: ScalingRules, current: number, changes: readonly Change[], time: number): number {
  if (rules.select === "disabled") return current;
  const sign = direction === "up" ? 1 : -1;
  const limits = rules.policies.map(({ of, value, periodMs }) => {
    const before = current - changes.filter((one) => time - one.time < periodMs).reduce((sum, { by }) => sum + by, 0);
    if (of === "pods") return before + sign * value;
    // To the greater change.
    return direction === "up" ? Math.ceil(before * (1 + value / 100)) : Math.floor(before * (1 - value / 100));
  });
  const furthest = (rules.select === "most") === (direction === "up") ? Math.max(...limits) : Math.min(...limits);
  return direction === "up" ? Math.max(current, furthest) : Math.min(current, furthest);
}

/** The longest period of any policy (ms). */
export function longestPeriodMs(all: readonly ScalingRules[]): number {
  return Math.max(0, ...all.flatMap(({ policies }) => policies.map(({ periodMs }) => periodMs)));
}

const selections = ["most", "least", "disabled"] as const;
/** More is in no manifest. */
const policiesAtMost = 20;

/** The rules as numbers of a record, which hold numbers only. */
export function rulesAsNumbers(direction: Direction, { stabilisationMs, policies, select }: ScalingRules): Readonly<Record<string, number>> {
  return {
    [`${direction}StabilisationS`]: stabilisationMs / 1000,
    [`${direction} selection`]: selections.indexOf(select),
    ...Object.fromEntries(
      policies.flatMap(({ of, value, periodMs }, i) => [
        [`${direction} policy ${i} ${of}`, value],
        [`${direction} policy ${i} periodMs`, periodMs],
      ]),
    ),
  };
}

/** The rules that a record tells of; what it does not tell is as usual. */
export function rulesFromNumbers(direction: Direction, numbers: Readonly<Record<string, number>>): ScalingRules {
  const usual = usualRules[direction];
  const policies = Array.from({ length: policiesAtMost }, (_, i): ScalingPolicy | undefined => {
    const periodMs = numbers[`${direction} policy ${i} periodMs`];
    const [pods, percent] = [numbers[`${direction} policy ${i} pods`], numbers[`${direction} policy ${i} percent`]];
    if (periodMs === undefined) return undefined;
    return pods === undefined ? { of: "percent", value: percent ?? Number.NaN, periodMs } : { of: "pods", value: pods, periodMs };
  }).filter((one) => one !== undefined);
  return {
    stabilisationMs: 1000 * (numbers[`${direction}StabilisationS`] ?? usual.stabilisationMs / 1000),
    policies: policies.length === 0 ? usual.policies : policies,
    select: selections[numbers[`${direction} selection`] ?? selections.indexOf(usual.select)] ?? usual.select,
  };
}
