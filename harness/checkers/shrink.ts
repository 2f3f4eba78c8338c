/**
 * The smallest sub-history that still violates a model: delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002)
 * over the removals that keep a valid history valid, and no others. Every candidate is judged again by the model itself.
 */
import type { Operation } from "../core/history.ts";
import type { Answer, Model, ModelOptions, Removals } from "../core/model.ts";
import { openAt } from "./cut.ts";

export interface Shrunk {
  /** They keep their indices, so that sentences about them can be checked against the whole history. */
  readonly operations: readonly Operation[];
  /** The model's answer to just these operations. */
  readonly answer: Answer;
  /** How many parts of the history were judged on the way. */
  readonly judged: number;
  /** Whether no single further removal leaves a violation; false when the budget ran out before that was known. */
  readonly minimal: boolean;
}

type History = readonly Operation[];
/** Whether the candidate violates; then it is what is kept from here on. */
type Violates = (candidate: History) => boolean;

/**
 * Shrinks a history that the model refuses, for at most `budgetMs` by `options.now`. Candidates that cannot be decided count as not violating.
 *
 * @param first the model's answer to the whole history
 * @returns null when the model does not refuse the history
 */
export function shrink(model: Model, operations: History, first: Answer, options: ModelOptions, budgetMs: number): Shrunk | null {
  if (first.valid !== false) return null;
  let answer = first;
  const deadline = options.now() + budgetMs;
  const leftMs = (): number => deadline - options.now();
  let kept = operations;
  let judged = 0;
  const violates: Violates = (candidate) => {
    if (leftMs() <= 0) return false;
    judged++;
    const said = model.check(candidate, { ...options, timeLimitMs: Math.min(options.timeLimitMs, leftMs()) });
    if (said.valid !== false) return false;
    kept = candidate;
    answer = said;
    return true;
  };
  const { removals } = model;
  const current = (): History => kept;
  if (removals !== undefined) {
    for (let before = Number.POSITIVE_INFINITY; size(kept) < before && leftMs() > 0; ) {
      before = size(kept);
      if (removals.keys && options.partition) oneKey(answer, current, violates);
      if (removals.suffix) cutSuffix(kept, violates);
      // What was in a container at first cannot go, and would be in the way of others. Of a register's value nobody is left to tell.
      if (removals.values && !Array.isArray(options.initial)) withoutValues(removals.values, current, violates);
      if (removals.reads) leaveOut(kept.filter(removals.reads), (reads) => new Set(reads), current, violates);
    }
  }
  return { operations: kept, answer, judged, minimal: removals !== undefined && leftMs() > 0 };
}

/** What shrinking makes smaller: the operations, and of those the completed ones. */
function size(history: History): number {
  return history.reduce((total, operation) => total + (operation.completedAt < Number.POSITIVE_INFINITY ? 2 : 1), 0);
}

/** One key suffices where it is refused alone, and those that the answer names are tried first; else keys go as long as a violation is left. */
function oneKey(answer: Answer, current: () => History, violates: Violates): void {
  const byKey = Map.groupBy(current(), (operation) => operation.key);
  if (byKey.size < 2) return;
  const named = new Set(answer.anomalies.flatMap((anomaly) => anomaly.operations));
  const accused = current().filter((operation) => named.has(operation.index));
  for (const key of new Set([...accused.map((operation) => operation.key), ...byKey.keys()])) if (violates(byKey.get(key) ?? [])) return;
  leaveOut([...byKey.values()], (keys) => new Set(keys.flat()), current, violates);
}

/** The shortest beginning that violates. A beginning of a valid history is valid, so bisection finds it. */
function cutSuffix(history: History, violates: Violates): void {
  const ends = [...new Set(history.map((operation) => operation.completedAt))].filter(Number.isFinite).sort((a, b) => a - b);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (violates(beginning(history, ends[middle] as number))) high = middle;
    else low = middle + 1;
  }
  // Without any later completion in it, even if the bisection never saw this one violate: the last one that did is kept.
  const last = ends[high];
  if (last !== undefined && history.some((operation) => operation.invokedAt > last)) violates(beginning(history, last));
}

/** What had been invoked by `time` (ms); of what was open then nothing is known. */
function beginning(history: History, time: number): History {
  return history.filter((operation) => operation.invokedAt <= time).map((operation) => openAt(operation, time));
}

/** Leaves values out, each with every operation that has to go with it. */
function withoutValues(values: NonNullable<Removals["values"]>, current: () => History, violates: Violates): void {
  const namedBy = new Map<string, { readonly operation: Operation; readonly writes: readonly string[] }[]>();
  const written = new Set<string>();
  for (const operation of current()) {
    const { writes, observes } = values(operation);
    for (const value of writes) written.add(value);
    for (const value of new Set([...writes, ...observes])) {
      const same = namedBy.get(value);
      if (same) same.push({ operation, writes });
      else namedBy.set(value, [{ operation, writes }]);
    }
  }
  const withAll = (chosen: readonly string[]): ReadonlySet<Operation> => {
    const group = new Set<Operation>();
    const going = new Set(chosen);
    // A set that grows while it is walked is walked to its new end.
    for (const value of going) {
      for (const { operation, writes } of namedBy.get(value) ?? []) {
        group.add(operation);
        for (const more of writes) going.add(more);
      }
    }
    return group;
  };
  leaveOut([...written], withAll, current, violates);
}

/** Delta debugging's complement steps: leaves units out, half of them at once, then ever fewer, until no single one can go. */
function leaveOut<T>(
  units: readonly T[],
  operationsOf: (chosen: readonly T[]) => ReadonlySet<Operation>,
  current: () => History,
  violates: Violates,
): void {
  let left = units;
  for (let size = Math.ceil(left.length / 2); size >= 1 && left.length > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length; ) {
      const going = operationsOf(left.slice(from, from + size));
      const candidate = current().filter((operation) => !going.has(operation));
      if (candidate.length < current().length && violates(candidate)) left = [...left.slice(0, from), ...left.slice(from + size)];
      else from += size;
    }
  }
}
