/** What judging a history of transactions will take, told before anything is built. */
import type { Json, Operation } from "../../core/history.ts";

/** What was seen on 20,000 transactions of list-append and rw-register, and on 4,000 with predicate reads of 200 objects. */
const [perTransaction, perStep, perElement, perPair] = [512, 384, 8, 48];

/**
 * Bytes, roughly: a node of the graph for each transaction, edges for each of its steps, a name for each element of a list that it read.
 * @param pairs of a predicate read and an object
 */
export function estimatedBytes(
  transactions: readonly { readonly operation: Operation; readonly micros: readonly unknown[] }[],
  pairs: number,
): number {
  let bytes = perPair * pairs;
  for (const { operation, micros } of transactions) {
    const { outcome, input, output } = operation;
    bytes += perTransaction + perStep * micros.length + perElement * elementsIn(outcome === "ok" ? (output ?? input) : input, 2);
  }
  return bytes;
}

/** How many values lie so many lists deep; what is deeper counts as one. */
function elementsIn(value: Json, depth: number): number {
  if (!Array.isArray(value)) return 0;
  if (depth === 0) return value.length;
  return (value as readonly Json[]).reduce<number>((sum, one) => sum + elementsIn(one, depth - 1), 0);
}
