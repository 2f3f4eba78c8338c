/** Jepsen's `independent` runs one small history a key at once and says so by values that are `[key value]` tuples. Pure. */
import type { Json } from "../core/history.ts";
import type { Draft } from "./event.ts";
import type { KeyNames } from "./keys.ts";

/**
 * Moves the key out of the values when every one of them is such a tuple and at least one says so beyond doubt: a read of `[key nil]` or a compare-and-set
 * of `[key [from to]]`. Without that, `[1 2]` may as well be a value.
 * @returns how many keys there are; 0 when the values are no tuples
 */
export function splitTuples(operations: readonly Draft[], names: KeyNames): number {
  if (!operations.some(saysKey) || !operations.every(mayHaveKey)) return 0;
  const keys = new Set<Json>();
  for (const operation of operations) {
    const [key, input] = operation.input as readonly [Json, Json];
    names.give(operation, key);
    operation.input = input;
    if (isTuple(operation.output)) operation.output = operation.output[1];
    keys.add(key);
  }
  return keys.size;
}

function isTuple(value: Json): value is readonly [Json, Json] {
  return Array.isArray(value) && value.length === 2 && value[0] !== null && typeof value[0] !== "object";
}

const isPair = (value: Json): boolean => Array.isArray(value) && value.length === 2;

function saysKey(operation: Draft): boolean {
  return isTuple(operation.input) && (operation.input[1] === null || (operation.f === "cas" && isPair(operation.input[1])));
}

function mayHaveKey({ key, f, input, output, outcome }: Draft): boolean {
  if (key !== "" || !isTuple(input) || (f === "cas" && !isPair(input[1]))) return false;
  return outcome !== "ok" || (isTuple(output) && output[0] === input[0]);
}
