/** What judging a history of transactions will take, told before anything is built. */
import type { Json, Operation } from "../../core/history.ts";

/** With room to spare: list-append was seen to take 26 MB for 20,000 transactions of three steps, for which this says 33 MB. */
const [perTransaction, perStep, perElement] = [512, 256, 8];

/** Bytes, roughly: a node of the graph for each transaction, edges for each of its steps, and a name for each element of a list that it read. */
export function estimatedBytes(transactions: readonly { readonly operation: Operation; readonly micros: readonly unknown[] }[]): number {
  let bytes = 0;
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
