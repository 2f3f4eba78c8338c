/** Transactions over named objects, as Elle's tests record them: lists of micro-operations `["r", key, value]` and `["append" or "w", key, value]`. */
import type { Json, Operation } from "../../core/history.ts";
import { listOf, nameOf } from "../linearizability/values.ts";

interface MicroOperation {
  readonly isWrite: boolean;
  /** Place of the key in `keys`. */
  readonly key: number;
  readonly value: Json;
}

export interface Transaction {
  readonly operation: Operation;
  /** Of one that is not known to have been committed only the writes: what it read is unknown. */
  readonly micros: readonly MicroOperation[];
}

export interface Transactions {
  readonly transactions: readonly Transaction[];
  readonly keys: readonly string[];
  /** Why the history cannot be judged, a sentence; "" if it can. */
  readonly problem: string;
}

/** @param write the name of the write: `append`, `w` */
export function transactionsOf(operations: readonly Operation[], write: string): Transactions {
  const transactions: Transaction[] = [];
  const keys: string[] = [];
  const places = new Map<string | number, number>();
  for (const operation of operations) {
    const { outcome, index } = operation;
    const list = listOf(outcome === "ok" ? (operation.output ?? operation.input) : (operation.input ?? operation.output));
    if (list === undefined) continue;
    const micros: MicroOperation[] = [];
    for (const micro of list) {
      const [f, key, value = null] = listOf(micro) ?? [];
      if ((f !== "r" && f !== write) || key === undefined) {
        const problem = `Operation ${index} holds ${JSON.stringify(micro)} where ["r", key, value] or ["${write}", key, value] was expected.`;
        return { transactions: [], keys: [], problem };
      }
      if (f === "r" && outcome !== "ok") continue;
      const name = nameOf(key);
      let place = places.get(name);
      if (place === undefined) {
        place = keys.length;
        places.set(name, place);
        keys.push(typeof key === "string" ? key : String(name));
      }
      micros.push({ isWrite: f === write, key: place, value });
    }
    transactions.push({ operation, micros });
  }
  return { transactions, keys, problem: "" };
}
