/** The operations of a history by key: where those of each key stand when they stand together. */
import type { Operation } from "../../core/history.ts";

export interface Groups {
  readonly all: readonly Operation[];
  /** The keys, by number. */
  readonly names: readonly string[];
  /** By operation: its place among all, where each key's stand together in the order of the history. */
  readonly places: Int32Array;
  /** By key: its first place, and behind the last key the end. */
  readonly starts: Int32Array;
  /** Those of one key. */
  operations(key: number): readonly Operation[];
}

/** All as one key. */
export function together(all: readonly Operation[]): Groups {
  const places = new Int32Array(all.length);
  for (let i = 0; i < places.length; i++) places[i] = i;
  return { all, names: [all[0]?.key ?? ""], places, starts: Int32Array.of(0, all.length), operations: () => all };
}

export function byKey(all: readonly Operation[]): Groups {
  if (isOneKey(all)) return together(all);
  const numbers = new Map<string, number>();
  const names: string[] = [];
  const counts: number[] = [];
  const keys = new Int32Array(all.length);
  for (let i = 0; i < keys.length; i++) {
    const { key } = all[i] as Operation;
    let number = numbers.get(key);
    if (number === undefined) {
      number = names.push(key) - 1;
      numbers.set(key, number);
      counts.push(0);
    }
    keys[i] = number;
    counts[number] = (counts[number] as number) + 1;
  }
  const starts = new Int32Array(names.length + 1);
  for (let key = 0; key < names.length; key++) starts[key + 1] = (starts[key] as number) + (counts[key] as number);
  const places = new Int32Array(keys.length);
  const inOrder = new Int32Array(keys.length);
  const next = starts.slice();
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    const place = next[key] as number;
    next[key] = place + 1;
    places[i] = place;
    inOrder[place] = i;
  }
  const operations = (key: number): readonly Operation[] => {
    const own = new Array<Operation>((starts[key + 1] as number) - (starts[key] as number));
    for (let i = 0; i < own.length; i++) own[i] = all[inOrder[(starts[key] as number) + i] as number] as Operation;
    return own;
  };
  return { all, names, places, starts, operations };
}

function isOneKey(all: readonly Operation[]): boolean {
  const first = all[0]?.key;
  for (let i = 1; i < all.length; i++) if ((all[i] as Operation).key !== first) return false;
  return true;
}
