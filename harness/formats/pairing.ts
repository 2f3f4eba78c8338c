/** Pairing the events of anybody's history into operations, one event at a time, so that a long history is held only once. Pure. */
import type { Json, Operation } from "../core/history.ts";
import { Malformed, Unpaired } from "./cursor.ts";
import type { Draft, HistoryEvent, Reading } from "./event.ts";
import { splitTuples } from "./independent.ts";
import { createKeyNames } from "./keys.ts";

export interface Pairing {
  /** @throws Unpaired */
  add(event: HistoryEvent): void;
  /** @throws Unpaired for what only the whole history shows */
  finish(): { readonly operations: readonly Operation[]; readonly notes: readonly string[] };
}

/** @param sorted whether the events come in the order of their indices or times; else a step back is refused */
export function createPairing(reading: Reading, sorted = false): Pairing {
  const operations: Draft[] = [];
  /** Each event in its order: twice its operation's place, and one more for a completion. */
  const events: number[] = [];
  const open = new Map<string, Draft[]>();
  const lastTime = new Map<string, number>();
  const retired = new Set<string>();
  /** Operations whose completion may be another's: each may have begun as early as the one it points to. */
  const beganWith = new Map<Draft, Draft>();
  const orphans: Draft[] = [];
  const keys = createKeyNames();
  let firstOrphan: HistoryEvent | undefined;
  let reused = 0;
  let lastIndex = Number.NaN;

  const begin = (event: HistoryEvent): Draft => {
    const operation = draftOf(event, operations.length);
    keys.give(operation, event.key);
    operations.push(operation);
    return operation;
  };

  const invoke = (event: HistoryEvent): void => {
    const pending = open.get(event.process);
    const first = pending?.[0];
    if (first && !reading.tolerant)
      throw new Unpaired(event.line, `The process "${event.process}" invoked "${event.f}" while its "${first.f}" was open.`);
    if (firstOrphan) throw withoutInvocation(firstOrphan);
    if (retired.has(event.process)) reused++;
    const operation = begin(event);
    events.push(operation.index * 2);
    if (!first) open.set(event.process, [operation]);
    else {
      pending?.push(operation);
      beganWith.set(operation, beganWith.get(first) ?? first);
    }
  };

  const complete = (event: HistoryEvent): void => {
    const pending = open.get(event.process) ?? [];
    const [first] = pending;
    const operation = matching(pending, event);
    if (operation) {
      if (pending.length === 1) open.delete(event.process);
      else pending.splice(pending.indexOf(operation), 1);
      settle(operation, event);
      return;
    }
    if (first) throw new Unpaired(event.line, `The process "${event.process}" invoked "${first.f}" and completed "${event.f}".`);
    if (!reading.tolerant || operations.length > orphans.length) throw withoutInvocation(event);
    firstOrphan ??= event;
    const orphan = begin(event);
    orphans.push(orphan);
    settle(orphan, event);
  };

  const settle = (operation: Draft, event: HistoryEvent): void => {
    if (!keys.give(operation, event.key))
      throw new Malformed(event.line, `The operation was invoked on the key "${operation.key}" and completed on ${JSON.stringify(event.key)}.`);
    events.push(operation.index * 2 + 1);
    operation.output = event.value;
    operation.completedAt = event.timeMs;
    operation.outcome = event.type as Draft["outcome"];
    operation.served = event.served;
    operation.error = event.error;
    operation.by = event.by;
    if (event.type === "info") retired.add(event.process);
  };

  return {
    add(event) {
      if (!sorted && event.index < lastIndex) throw new Unpaired(event.line, `The index ${event.index} stands after ${lastIndex}.`);
      lastIndex = event.index;
      if (reading.order === "times" && !sorted) {
        const before = lastTime.get(event.process);
        if (before !== undefined && event.timeMs < before)
          throw new Unpaired(event.line, `The clock stepped back by ${before - event.timeMs} ms within the process "${event.process}".`);
        lastTime.set(event.process, event.timeMs);
      }
      if (event.type === "invoke") invoke(event);
      else complete(event);
    },
    finish() {
      const unfinished = [...open.values()].reduce((count, pending) => count + pending.length, 0);
      const timeless = allAtOnce(operations);
      if (reading.order === "lines" || timeless) timesByLine(operations, events, timeless);
      for (const orphan of orphans) orphan.invokedAt = -1;
      for (const [operation, first] of beganWith) operation.invokedAt = first.invokedAt;
      for (const operation of operations) finishTimes(operation);
      const tupleKeys = splitTuples(operations, keys);
      keys.finish();
      const notes = [
        orphans.length > 0 &&
          `The history has no invocations: each of its ${orphans.length} completions is an operation that may have begun at any time before.`,
        beganWith.size > 0 &&
          `Operations invoked while their process had another one open: ${beganWith.size}; each may have begun as early as the other.`,
        reused > 0 && `Invocations by a process whose earlier operation has an unknown outcome: ${reused}; both count.`,
        unfinished > 0 && `Operations that never completed: ${unfinished}; each may have taken effect at any later time, or never.`,
        tupleKeys > 0 && `Every value is a [key value] tuple: ${tupleKeys} independent keys.`,
      ];
      return { operations, notes: notes.filter((note) => note !== false) };
    },
  };
}

function draftOf(event: HistoryEvent, index: number): Draft {
  return {
    index,
    process: event.process,
    // Elle's histories may leave it out: what is a list of reads and writes is a transaction.
    f: event.f === "" ? "txn" : event.f,
    key: "",
    input: event.value,
    output: null,
    intendedAt: event.intendedMs,
    invokedAt: event.timeMs,
    completedAt: Number.POSITIVE_INFINITY,
    answeredAt: Number.POSITIVE_INFINITY,
    outcome: "info",
    served: "error",
    error: "",
    by: "",
  };
}

const withoutInvocation = (event: HistoryEvent): Unpaired =>
  new Unpaired(event.line, `The process "${event.process}" completed "${event.f}" without an open invocation.`);

/** The open operation that the event completes: with several, one of the same value, else the first of the same name. */
function matching(pending: readonly Draft[], event: HistoryEvent): Draft | undefined {
  const sameName = pending.filter((operation) => event.f === "" || operation.f === event.f);
  if (sameName.length < 2) return sameName[0];
  const value = JSON.stringify(event.value as Json);
  return sameName.find((operation) => JSON.stringify(operation.input) === value) ?? sameName[0];
}

/** One time for every event is none: it was filled in by whoever converted the history. */
function allAtOnce(operations: readonly Draft[]): boolean {
  const time = operations[0]?.invokedAt;
  return operations.every(
    (operation) => operation.invokedAt === time && (operation.completedAt === time || operation.completedAt === Number.POSITIVE_INFINITY),
  );
}

/**
 * Gives every event a later time than the one on the line before: its own since the first, where it has one that is later, or the smallest step on. A
 * history without times gets 1 ms a line.
 */
function timesByLine(operations: readonly Draft[], events: readonly number[], timeless: boolean): void {
  let base = Number.NaN;
  let now = -1;
  for (const event of events) {
    const operation = operations[event >> 1] as Draft;
    const isCompletion = event % 2 === 1;
    const time = timeless ? Number.NaN : isCompletion ? operation.completedAt : operation.invokedAt;
    if (Number.isNaN(base)) base = time;
    const wanted = Number.isNaN(time) ? now + 1 : time - base;
    now = wanted > now ? wanted : now + Math.max(1e-6, now * 2 ** -52);
    if (isCompletion) operation.completedAt = now;
    else operation.invokedAt = now;
  }
}

function finishTimes(operation: Draft): void {
  operation.answeredAt = operation.completedAt;
  if (operation.outcome === "info") operation.completedAt = Number.POSITIVE_INFINITY;
  if (!(operation.intendedAt <= operation.invokedAt)) operation.intendedAt = operation.invokedAt;
}
