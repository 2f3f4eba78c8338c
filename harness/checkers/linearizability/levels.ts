/**
 * Objects whose reads tell how far they had come, without a search: where each operation has a level, and every order has the levels one after
 * another, a history is linearizable exactly if no operation of a higher level returned before one of a lower level was invoked.
 */
import type { Operation } from "../../core/history.ts";
import type { Decision } from "./judge.ts";
import { told } from "./specification.ts";

/** @param levels by level, the operations between which only time decides; the order of the levels is the only one possible */
export function inLevels(algorithm: string, levels: readonly (readonly Operation[])[]): Decision {
  let last: Operation | undefined;
  for (const level of levels) {
    if (last !== undefined) {
      for (const operation of level) {
        if (operation.completedAt >= last.invokedAt) continue;
        return contradicted(
          algorithm,
          `${told(operation)} returned before ${told(last)} was invoked, which by the values came before it.`,
          operation,
          last,
        );
      }
    }
    for (const operation of level) if (last === undefined || operation.invokedAt > last.invokedAt) last = operation;
  }
  return { algorithm };
}

export function contradicted(algorithm: string, text: string, ...operations: readonly Operation[]): Decision {
  return { algorithm, contradiction: { text, operations } };
}
