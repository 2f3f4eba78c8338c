/**
 * Counters, without a search where one of two things decides: a read outside what may have been added by then, or additions that are all equal, so
 * that each read says how many came before it.
 */
import type { Operation } from "../../core/history.ts";
import { heap } from "./heap.ts";
import type { Decision } from "./judge.ts";
import { contradicted } from "./levels.ts";
import { told } from "./specification.ts";

export interface Counted {
  readonly reads: readonly { readonly operation: Operation; readonly value: number }[];
  readonly steps: readonly { readonly operation: Operation; readonly by: number }[];
}

/** A read outside the bounds: everything that returned before it, with and without what was open in the meantime. Undefined: all are within. */
export function bounds({ reads, steps }: Counted, initial: number): Decision | undefined {
  const invoked = sums(steps.map(({ operation, by }) => [operation.invokedAt, by]));
  const returned = sums(steps.map(({ operation, by }) => [operation.completedAt, by]));
  for (const { operation, value } of reads) {
    const before = returned(operation.invokedAt, false);
    const open = invoked(operation.completedAt, true);
    const least = initial + before.all + (open.negative - before.negative);
    const most = initial + before.all + (open.positive - before.positive);
    if (value >= least && value <= most) continue;
    const text = `${told(operation)} is outside ${least} to ${most}: what had been added before it was invoked makes ${initial + before.all}, and what was open meanwhile no more than that.`;
    return contradicted("bounds of what was added", text, operation);
  }
  return undefined;
}

/** Sums of all that is earlier than a time, or not later. */
function sums(steps: readonly (readonly [time: number, by: number])[]) {
  const sorted = [...steps].sort(([a], [b]) => a - b || 0);
  const times = Float64Array.from(sorted, ([time]) => time);
  const positive = new Float64Array(sorted.length + 1);
  const negative = new Float64Array(sorted.length + 1);
  for (const [i, [, by]] of sorted.entries()) {
    positive[i + 1] = (positive[i] as number) + Math.max(by, 0);
    negative[i + 1] = (negative[i] as number) + Math.min(by, 0);
  }
  return (time: number, including: boolean) => {
    let low = 0;
    for (let high = times.length; low < high; ) {
      const middle = (low + high) >> 1;
      const at = times[middle] as number;
      if (at < time || (including && at === time)) low = middle + 1;
      else high = middle;
    }
    const [up, down] = [positive[low] as number, negative[low] as number];
    return { positive: up, negative: down, all: up + down };
  };
}

/**
 * Exact where all steps are equal. The n-th step has to fall between the reads of less and the reads of n or more; both ends of that time grow with
 * n, so giving each place to the step that returns first, of those invoked in time, fills all places if that is possible (Jackson's rule).
 */
export function equalSteps({ reads, steps }: Counted, initial: number): Decision | undefined {
  const algorithm = "places of equal steps";
  const by = steps[0]?.by ?? 1;
  if (by === 0 || steps.some((step) => step.by !== by)) return undefined;
  const leveled = reads.map(({ operation, value }) => ({ operation, level: (value - initial) / by })).sort((a, b) => a.level - b.level);
  const odd = leveled.find(({ level }) => level < 0 || !Number.isInteger(level));
  if (odd !== undefined) return contradicted(algorithm, `${told(odd.operation)} is no sum of ${initial} and steps of ${by}.`, odd.operation);
  const highest = leveled.at(-1)?.level ?? 0;
  if (highest > steps.length) {
    const last = leveled.at(-1)?.operation as Operation;
    return contradicted(algorithm, `${told(last)} counts ${highest} steps of ${by}, and there were ${steps.length}.`, last);
  }
  // From above: which of the reads of n or more returns first.
  const firstAbove: Operation[] = [];
  for (let i = leveled.length - 1, first: Operation | undefined; i >= 0; i--) {
    const { operation } = leveled[i] as (typeof leveled)[number];
    if (first === undefined || operation.completedAt < first.completedAt) first = operation;
    firstAbove[i] = first;
  }
  const waiting = [...steps].map(({ operation }) => operation).sort((a, b) => a.invokedAt - b.invokedAt);
  const open = heap(({ completedAt }: Operation) => completedAt);
  let next = 0;
  let passed = 0;
  let lastBelow: Operation | undefined;
  const tooLate = (below: Operation | undefined): Decision | undefined => {
    const first = open.first();
    if (first === undefined || below === undefined || first.completedAt >= below.invokedAt) return undefined;
    const text = `${told(first)} returned before ${told(below)} was invoked, which counts fewer steps than had to have happened by then.`;
    return contradicted(algorithm, text, first, below);
  };
  for (let place = 1; place <= highest; place++) {
    for (; (leveled[passed]?.level ?? place) < place; passed++) {
      const { operation } = leveled[passed] as (typeof leveled)[number];
      if (lastBelow === undefined || operation.invokedAt > lastBelow.invokedAt) lastBelow = operation;
    }
    const above = firstAbove[passed] as Operation;
    if (lastBelow !== undefined && above.completedAt < lastBelow.invokedAt)
      return contradicted(algorithm, `${told(above)} returned before ${told(lastBelow)} was invoked, which counts less.`, above, lastBelow);
    for (; next < waiting.length && (waiting[next] as Operation).invokedAt <= above.completedAt; next++) open.add(waiting[next] as Operation);
    const late = tooLate(lastBelow);
    if (late !== undefined) return late;
    if (open.take() === undefined)
      return contradicted(
        algorithm,
        `${told(above)} counts ${place} steps or more, and fewer had been invoked before it returned that were not needed elsewhere.`,
        above,
      );
  }
  for (; passed < leveled.length; passed++) {
    const { operation } = leveled[passed] as (typeof leveled)[number];
    if (lastBelow === undefined || operation.invokedAt > lastBelow.invokedAt) lastBelow = operation;
  }
  for (; next < waiting.length; next++) open.add(waiting[next] as Operation);
  return tooLate(lastBelow) ?? { algorithm };
}
