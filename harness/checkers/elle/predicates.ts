/** Predicates over values, in the notation of Elle's closed-predicate tests. */
import type { Json } from "../../core/history.ts";
import { listOf, nameOf } from "../linearizability/values.ts";

/** Whether a value is selected; null, where there is none, never is. */
export type Matches = (value: Json) => boolean;

/** `true` matches whatever is there, `["=", v]` what equals v, `["mod", m, r]` the integers that leave r when divided by m. @returns undefined where it is none of them */
export function predicateOf(predicate: Json): Matches | undefined {
  if (predicate === true || predicate === "true") return (value) => value !== null;
  const [name, first, second] = listOf(predicate) ?? [];
  if (name === "=" && first !== undefined) return (value) => value !== null && nameOf(value) === nameOf(first);
  if (name !== "mod" || typeof first !== "number" || typeof second !== "number" || first <= 0) return undefined;
  return (value) => typeof value === "number" && ((value % first) + first) % first === second;
}
