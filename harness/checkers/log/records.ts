/**
 * What a history of a log says: `send` and `poll` (or `txn` of both), lists of `["send", key, value or [offset, value]]` and `["poll", {key: [[offset,
 * value], ...]}]`; `assign` and `subscribe` name the keys that a process reads from then on. Offsets only place values; places in the order are dense.
 */
import type { Json, Operation } from "../../core/history.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";

/** The values of an operation by key, in its order. */
export type Values = ReadonlyMap<string, readonly Name[]>;

export interface Step {
  readonly operation: Operation;
  readonly sent: Values;
  readonly polled: Values;
}

export interface Log {
  readonly key: string;
  /** What was seen at each offset, in the order of the offsets. More than one value: the offset is contradicted. */
  readonly places: readonly { readonly offset: number; readonly values: readonly Name[] }[];
  /** The last place of each value; those of a contradicted offset have none. */
  readonly placeOf: ReadonlyMap<Name, number>;
  readonly writers: ReadonlyMap<Name, Step>;
  /** Values that committed polls returned. */
  readonly read: ReadonlySet<Name>;
}

export interface Records {
  readonly steps: readonly Step[];
  readonly logs: ReadonlyMap<string, Log>;
  /** Whether the values that the step sent are certainly in the log: it was acknowledged, or one of them was read. */
  certain(step: Step): boolean;
}

type Pair = readonly [key: string, offset: number | undefined, value: Name];

export function recordsOf(operations: readonly Operation[]): Records {
  const parsed = operations.filter(({ f }) => f === "send" || f === "poll" || f === "txn").map(parse);
  const steps = parsed.map(({ operation, sends, polls }): Step => ({ operation, sent: byKey(sends), polled: byKey(polls) }));
  const drafts = new Map<string, { places: Map<number, Set<Name>>; writers: Map<Name, Step>; read: Set<Name> }>();
  const draftOf = (key: string) => {
    const draft = drafts.get(key) ?? { places: new Map(), writers: new Map(), read: new Set<Name>() };
    drafts.set(key, draft);
    return draft;
  };
  for (const step of steps) {
    for (const [key, values] of step.sent) for (const value of values) draftOf(key).writers.set(value, step);
    if (step.operation.outcome === "ok") for (const [key, values] of step.polled) for (const value of values) draftOf(key).read.add(value);
  }
  const certain = ({ operation, sent }: Step): boolean =>
    operation.outcome === "ok" ||
    (operation.outcome === "info" && [...sent].some(([key, values]) => values.some((value) => drafts.get(key)?.read.has(value))));
  for (const [i, { sends, polls }] of parsed.entries()) {
    // Whatever became of the transaction around it: a poll only returns what is in the log.
    for (const [key, offset, value] of certain(steps[i] as Step) ? [...sends, ...polls] : polls) {
      if (offset === undefined) continue;
      const { places } = draftOf(key);
      places.set(offset, (places.get(offset) ?? new Set()).add(value));
    }
  }
  const logs = new Map([...drafts].map(([key, { places, ...rest }]) => [key, logOf(key, places, rest)]));
  return { steps, logs, certain };
}

function logOf(key: string, found: ReadonlyMap<number, ReadonlySet<Name>>, rest: Pick<Log, "writers" | "read">): Log {
  const places = [...found].sort(([a], [b]) => a - b).map(([offset, values]) => ({ offset, values: [...values] }));
  const placeOf = new Map(places.flatMap(({ values }, place) => (values.length === 1 ? [[values[0] as Name, place] as const] : [])));
  return { key, places, placeOf, ...rest };
}

function parse(operation: Operation): { readonly operation: Operation; readonly sends: readonly Pair[]; readonly polls: readonly Pair[] } {
  const sends: Pair[] = [];
  const polls: Pair[] = [];
  for (const micro of listOf(operation.output) ?? listOf(operation.input) ?? []) {
    const [f, first, value = null] = listOf(micro) ?? [];
    if (f === "send" && first !== undefined) sends.push(pairOf(textOf(first), listOf(value) ?? [null, value]));
    if (f !== "poll" || typeof first !== "object" || first === null) continue;
    for (const [key, pairs] of Object.entries(first as { readonly [key: string]: Json }))
      for (const pair of listOf(pairs) ?? []) polls.push(pairOf(key, listOf(pair) ?? []));
  }
  return { operation, sends, polls };
}

const pairOf = (key: string, [offset, value]: readonly Json[]): Pair => [key, typeof offset === "number" ? offset : undefined, nameOf(value)];
const textOf = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

function byKey(pairs: readonly Pair[]): Values {
  const values = new Map<string, Name[]>();
  for (const [key, , value] of pairs) {
    const same = values.get(key);
    if (same) same.push(value);
    else values.set(key, [value]);
  }
  return values;
}

/** The keys that an `assign` or `subscribe` leaves a process with; undefined: the operation is neither, or did nothing. */
export function keysLeft({ f, outcome, input }: Operation): ReadonlySet<string> | undefined {
  return (f === "assign" || f === "subscribe") && outcome !== "fail" ? new Set((listOf(input) ?? []).map(textOf)) : undefined;
}
