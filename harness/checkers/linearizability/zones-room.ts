/** Columns in which `zones.ts` works. */
import type { Json, Operation } from "../../core/history.ts";
import type { Groups } from "./groups.ts";

export const none = -1;

/** What an operation does to the register; both for a compare-and-set. */
export interface Ends {
  /** The value that it found; undefined: it says nothing of that. */
  reads(operation: Operation): Json | undefined;
  /** The value that it left; undefined: none. */
  writes(operation: Operation): Json | undefined;
  /** Whether it does something else, too; absent: none does. */
  isOther?(operation: Operation): boolean;
}

/** What is known of the operations of a key, which have the places from `from` up to `to`. */
export interface Calls {
  readonly from: number;
  readonly to: number;
  /** The number of the value that it found, or none, and of the one that it left. */
  readonly reads: Int32Array;
  readonly writes: Int32Array;
  readonly answered: Uint8Array;
  readonly isOther: Uint8Array;
  /** Whether it certainly happened. */
  readonly happened: Uint8Array;
  readonly invokedAt: Float64Array;
  readonly completedAt: Float64Array;
}

/** By place: the values that were found and left. */
export interface Columns {
  readonly found: readonly (Json | undefined)[];
  readonly left: readonly (Json | undefined)[];
  ofKey(from: number, to: number): Calls;
}

/** The time and operation of the first return and of the last invocation, by the number of a value. */
export interface Extremes {
  readonly firstReturn: Float64Array;
  readonly lastInvocation: Float64Array;
  readonly firstReturned: Int32Array;
  readonly lastInvoked: Int32Array;
}

/** What is found out of the values, by their numbers. */
export interface Values {
  readonly count: number;
  readonly seen: Uint8Array;
  readonly visited: Uint8Array;
  /** The compare-and-set that replaced it. */
  readonly replacedBy: Int32Array;
  readonly readEnds: Extremes;
  /** Of blocks, by the number of their first value. */
  readonly blocks: Extremes;
  readonly heads: number[];
}

/** Everything that is asked of the operations, each looked at once and in the order in which they lie in memory. */
export function columnsOf({ all, places }: Groups, ends: Ends): Columns {
  const count = all.length;
  const found = new Array<Json | undefined>(count);
  const left = new Array<Json | undefined>(count);
  const columns = {
    ...{ reads: new Int32Array(count), writes: new Int32Array(count) },
    ...{ answered: new Uint8Array(count), isOther: new Uint8Array(count), happened: new Uint8Array(count) },
    ...{ invokedAt: new Float64Array(count), completedAt: new Float64Array(count) },
  };
  fill(all, places, ends, found, left, columns);
  return { found, left, ofKey: (from, to) => ({ from, to, ...columns }) };
}

function fill(
  all: readonly Operation[],
  places: Int32Array,
  ends: Ends,
  found: (Json | undefined)[],
  left: (Json | undefined)[],
  { answered, isOther, invokedAt, completedAt }: Omit<Calls, "from" | "to">,
): void {
  for (let i = 0; i < all.length; i++) {
    const operation = all[i] as Operation;
    const place = places[i] as number;
    answered[place] = operation.outcome === "ok" ? 1 : 0;
    invokedAt[place] = operation.invokedAt;
    completedAt[place] = operation.completedAt;
    found[place] = ends.reads(operation);
    left[place] = ends.writes(operation);
    if (ends.isOther?.(operation) === true) isOther[place] = 1;
  }
}

// Used again for the next key: of a thousand small keys, making it would take longer than judging.
let values = newValues(0);

function newValues(count: number) {
  return {
    ...{ seen: new Uint8Array(count), visited: new Uint8Array(count), replacedBy: new Int32Array(count) },
    ...{ readEnds: newExtremes(count), blocks: newExtremes(count) },
  };
}

function newExtremes(count: number): Extremes {
  return {
    ...{ firstReturn: new Float64Array(count), lastInvocation: new Float64Array(count) },
    ...{ firstReturned: new Int32Array(count), lastInvoked: new Int32Array(count) },
  };
}

export function roomForValues(count: number): Values {
  if (count > values.seen.length) values = newValues(count);
  const { seen, visited, replacedBy, readEnds, blocks } = values;
  seen.fill(0, 0, count);
  visited.fill(0, 0, count);
  replacedBy.fill(none, 0, count);
  clear(readEnds, count);
  clear(blocks, count);
  return { count, ...values, heads: [] };
}

function clear({ firstReturn, lastInvocation, firstReturned, lastInvoked }: Extremes, count: number): void {
  firstReturn.fill(Number.POSITIVE_INFINITY, 0, count);
  lastInvocation.fill(Number.NEGATIVE_INFINITY, 0, count);
  firstReturned.fill(none, 0, count);
  lastInvoked.fill(none, 0, count);
}

export function widen(ends: Extremes, block: number, position: number, invokedAt: number, completedAt: number): void {
  if (completedAt < (ends.firstReturn[block] as number)) {
    ends.firstReturn[block] = completedAt;
    ends.firstReturned[block] = position;
  }
  if (invokedAt > (ends.lastInvocation[block] as number)) {
    ends.lastInvocation[block] = invokedAt;
    ends.lastInvoked[block] = position;
  }
}
