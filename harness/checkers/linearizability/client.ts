/** Who acquires and releases a lock. */
import type { Json, Operation } from "../../core/history.ts";

/**
 * The client that the operation names (`input.client`), else the process. A process gets a new name after an operation of unknown outcome: where the
 * client behind it may still release what it acquired before, the history has to name the client.
 */
export function clientOf({ input, process }: Operation): string {
  const named = property(input, "client");
  return named === undefined || named === null ? process : typeof named === "string" ? named : JSON.stringify(named);
}

/** The fencing token that an acquire answered (`output.fence`, or the output itself); undefined: none, which Hazelcast writes as 0. */
export function fenceOf({ output, outcome }: Operation): number | undefined {
  const fence = property(output, "fence") ?? output;
  return outcome === "ok" && typeof fence === "number" && fence !== 0 ? fence : undefined;
}

function property(value: Json, name: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as { readonly [name: string]: Json })[name] : undefined;
}
