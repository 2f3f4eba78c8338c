/** Values as names: equal exactly where the values are equal, whatever the order of an object's properties. */
import type { Json } from "../../core/history.ts";

/** A number stands for itself, all else is text: `"1"` with its quotes, `null`, `[1,2]`. */
export type Name = string | number;

export function nameOf(value: Json | undefined): Name {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null) return JSON.stringify(sorted(value));
  return JSON.stringify(value) ?? "null";
}

/** The value that `nameOf` named so. */
export const fromName = (name: Name): Json => (typeof name === "number" ? name : JSON.parse(name));

function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  const entries = Object.entries(value as { readonly [key: string]: Json });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}

/** A value as a list; undefined: it is none. */
export function listOf(value: Json): readonly Json[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]) : undefined;
}
