/**
 * What a history of a log says: `send` and `poll` (or `txn` of both), lists of `["send", key, value or [offset, value]]` and `["poll", {key: [[offset,
 * value], ...]}]`; `assign` and `subscribe` name the keys that a process reads from then on. Offsets only place values; places in the order are dense.
 */
import type { Json, Operation } from "../../core/history.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";

/** The values of an operation by key, in its order. */
export type Values = ReadonlyMap<string, readonly Name[]>;

export interface Step {
  /** Where it stands among the steps. */
  readonly place: number;
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
interface Parsed {
  readonly sends: readonly Pair[];
  readonly polls: readonly Pair[];
}
/** What is known of a log before its places are in order. Of an offset the value, or all of them where it is contradicted: one is the rule. */
interface Draft {
  readonly places: Map<number, Name | Name[]>;
  readonly writers: Map<Name, Step>;
  readonly read: Set<Name>;
}

/** Most operations send or poll, and of those that do nothing there are as many as operations. */
const nothing: Values = new Map();
const noPairs: readonly Pair[] = [];

export function recordsOf(operations: readonly Operation[]): Records {
  const steps: Step[] = [];
  const drafts = new Map<string, Draft>();
  const draftOf = (key: string): Draft => {
    const draft = drafts.get(key) ?? { places: new Map(), writers: new Map(), read: new Set<Name>() };
    drafts.set(key, draft);
    return draft;
  };
  for (const operation of operations) {
    if (operation.f !== "send" && operation.f !== "poll" && operation.f !== "txn") continue;
    const { sends, polls } = parse(operation);
    const step = { place: steps.length, operation, sent: byKey(sends), polled: byKey(polls) };
    steps.push(step);
    for (const [key, , value] of sends) draftOf(key).writers.set(value, step);
    if (operation.outcome === "ok") for (const [key, , value] of polls) draftOf(key).read.add(value);
  }
  const certain = ({ operation, sent }: Step): boolean =>
    operation.outcome === "ok" ||
    (operation.outcome === "info" && [...sent].some(([key, values]) => values.some((value) => drafts.get(key)?.read.has(value))));
  for (const step of steps) {
    // Parsed once more, because keeping it would take more memory than all else.
    const { sends, polls } = parse(step.operation);
    // Whatever became of the transaction around it: a poll only returns what is in the log.
    if (certain(step)) for (const pair of sends) place(pair, draftOf);
    for (const pair of polls) place(pair, draftOf);
  }
  const logs = new Map<string, Log>();
  for (const [key, draft] of drafts) logs.set(key, logOf(key, draft));
  return { steps, logs, certain };
}

function place([key, offset, value]: Pair, draftOf: (key: string) => Draft): void {
  if (offset === undefined) return;
  const { places } = draftOf(key);
  const known = places.get(offset);
  if (known === undefined) places.set(offset, value);
  else if (Array.isArray(known)) {
    if (!known.includes(value)) known.push(value);
  } else if (known !== value) places.set(offset, [known, value]);
}

function logOf(key: string, { places: found, writers, read }: Draft): Log {
  const places: { offset: number; values: readonly Name[] }[] = [];
  const placeOf = new Map<Name, number>();
  for (const offset of Float64Array.from(found.keys()).sort()) {
    const known = found.get(offset) as Name | Name[];
    if (!Array.isArray(known)) placeOf.set(known, places.length);
    places.push({ offset, values: Array.isArray(known) ? known : [known] });
  }
  return { key, places, placeOf, writers, read };
}

/** How many logs there are. */
export function countKeys(operations: readonly Operation[]): number {
  const keys = new Set<string>();
  for (const operation of operations) {
    const { sends, polls } = parse(operation);
    for (const [key] of sends) keys.add(key);
    for (const [key] of polls) keys.add(key);
  }
  return keys.size;
}

function parse(operation: Operation): Parsed {
  const sends: Pair[] = [];
  const polls: Pair[] = [];
  for (const micro of listOf(operation.output) ?? listOf(operation.input) ?? []) {
    const [f, first, value = null] = listOf(micro) ?? [];
    if (f === "send" && first !== undefined) sends.push(pairOf(textOf(first), listOf(value) ?? [null, value]));
    if (f !== "poll" || typeof first !== "object" || first === null) continue;
    for (const [key, pairs] of Object.entries(first as { readonly [key: string]: Json }))
      for (const pair of listOf(pairs) ?? []) polls.push(pairOf(key, listOf(pair) ?? []));
  }
  return { sends: sends.length === 0 ? noPairs : sends, polls: polls.length === 0 ? noPairs : polls };
}

const pairOf = (key: string, [offset, value]: readonly Json[]): Pair => [key, typeof offset === "number" ? offset : undefined, nameOf(value)];
const textOf = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

function byKey(pairs: readonly Pair[]): Values {
  if (pairs.length === 0) return nothing;
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
