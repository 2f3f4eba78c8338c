/**
 * Reads and writes of things with versions. Operations by the names given: the write, or several kinds of it (key: the thing; output `{version}`, an integer that the store increases)
 * and the read (key: the thing; output `{version}`, 0 or absent where it is not there). A session is the `session` in the input, else the process;
 * each process is one client of it.
 */
import type { Operation } from "../core/history.ts";
import { field, textField } from "./trail.ts";

export interface VersionNames {
  readonly write: string | readonly string[];
  readonly read: string;
}

export const versionOf = (operation: Operation): number => {
  const version = field(operation.output, "version");
  return typeof version === "number" ? version : 0;
};

export const sessionOf = (operation: Operation): string => textField(operation.input, "session") || operation.process;

/** Answered reads and acknowledged writes of each key; an unknown or refused operation proves nothing here. */
export function accesses(
  operations: readonly Operation[],
  { write, read }: VersionNames,
): ReadonlyMap<string, { readonly writes: Operation[]; readonly reads: Operation[] }> {
  const byKey = new Map<string, { readonly writes: Operation[]; readonly reads: Operation[] }>();
  const kinds = [write].flat();
  for (const operation of operations) {
    if (operation.outcome !== "ok" || (operation.f !== read && !kinds.includes(operation.f))) continue;
    const same = byKey.get(operation.key) ?? { writes: [], reads: [] };
    byKey.set(operation.key, same);
    (operation.f === read ? same.reads : same.writes).push(operation);
  }
  return byKey;
}
