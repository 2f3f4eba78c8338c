/** The part of a refused history that is worth looking at: the smallest that still violates, or what the verdict names where that is too large. */
import { shrink } from "../checkers/shrink.ts";
import type { Operation } from "../core/history.ts";
import type { Answer, Model, ModelOptions } from "../core/model.ts";
import { grouped } from "../report/text.ts";

export interface HistoryEvidence {
  readonly operations: readonly Operation[];
  /** The model's answer to the part. */
  readonly answer: Answer;
  /** How the part was found and what it proves, in a sentence. */
  readonly how: string;
}

/** Shrinking has at most this long: a larger counterexample now is worth more than the smallest one tomorrow. */
const shrinkBudgetMs = 10_000;

/** More than this nobody reads. */
const operationsAtMost = 60;

/**
 * @param whole the model's answer to the whole history
 * @param leftMs what is left of the time limit
 * @returns null when the model does not refuse the history
 */
export function evidenceOf(
  model: Model,
  operations: readonly Operation[],
  whole: Answer,
  options: ModelOptions,
  leftMs: number,
): HistoryEvidence | null {
  const shrunk = shrink(model, operations, whole, options, Math.min(shrinkBudgetMs, leftMs));
  if (!shrunk) return null;
  const { answer, minimal, operations: smallest } = shrunk;
  const sizes = `${grouped(smallest.length)} of ${grouped(operations.length)} operations`;
  if (smallest.length <= operationsAtMost) {
    const how = minimal
      ? `${sizes} cannot be valid whatever the others were, and without any one part of them the model would accept the rest.`
      : `${sizes} cannot be valid whatever the others were.`;
    return { operations: smallest, answer, how };
  }
  const named = new Set(answer.anomalies.flatMap((anomaly) => anomaly.operations).slice(0, operationsAtMost));
  return {
    operations: smallest.filter((operation) => named.has(operation.index)),
    answer,
    how: `These are the operations that the anomalies name; the smallest part found that is not valid by itself is ${sizes}.`,
  };
}
