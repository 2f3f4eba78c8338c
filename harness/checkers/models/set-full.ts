/**
 * What becomes of every element of a set that is read all the time: Jepsen's set-full. Unlike there, an element that one read names twice violates.
 *
 * An element is known once its add is acknowledged or a read has shown it. It is lost when the last read that lacks it was invoked after it was known and
 * after the last read that shows it; stable when it is shown by the last read that could; stale when a read lacked it after it was known and later ones did not.
 */
import type { Json, Operation } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import { ascending, quantileOfSorted } from "../../core/stats.ts";
import { type Findings, findings, objects, ofKey } from "../findings.ts";
import { type Numbering, numbering } from "../linearizability/numbering.ts";
import { invocation, orderOf, timesOf } from "../linearizability/order.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";
import { withinMemory } from "../size.ts";

/** The elements as columns, by their numbers: a long history has too many for an object each. */
interface Elements {
  readonly numbers: Numbering;
  readonly adds: Operation[];
  /** Infinity until it is known (ms). */
  readonly knownAt: number[];
  /** The reads that show it and lack it and were invoked last, by their place; none: -1. */
  readonly lastPresent: Int32Array;
  readonly lastAbsent: Int32Array;
  /** The last read that was looked at and shows it. */
  readonly shownBy: Int32Array;
}

const none = -1;

interface Tally {
  readonly found: Findings;
  readonly stableMs: number[];
  readonly lostMs: number[];
  attemptCount: number;
  readCount: number;
  neverReadCount: number;
  staleCount: number;
}

const model: Model = {
  what: "a set that is read all the time: add (input: the element), read (output: the list of elements); no element is lost once it is known, and none is named twice",
  aliases: [],
  check(operations, { partition, settings }): Answer {
    const tally: Tally = { found: findings(), stableMs: [], lostMs: [], attemptCount: 0, readCount: 0, neverReadCount: 0, staleCount: 0 };
    const strict = settings?.["linearizable?"] === true;
    for (const object of objects(operations, partition)) judge(object, tally, strict);
    const { found, stableMs, lostMs, attemptCount, readCount, neverReadCount, staleCount } = tally;
    const wrong = found.anomalies.length > 0;
    const stableCount = stableMs.length;
    const notes = [
      attemptCount + readCount === 0 && "No add or read was recorded, so nothing was examined.",
      !wrong && stableCount === 0 && attemptCount > 0 && "No element was seen by a read, so none is known to have stayed.",
      !strict &&
        staleCount > 0 &&
        `${staleCount} elements were missing from a read after they were known and came back: legal unless the set is linearizable.`,
      ...found.untold(),
    ].filter((note) => note !== false);
    return {
      valid: wrong ? false : stableCount === 0 ? "unknown" : true,
      algorithm: "last presence and last absence (set-full)",
      operations: attemptCount + readCount,
      anomalies: found.anomalies,
      notes,
      numbers: {
        attemptCount,
        stableCount,
        lostCount: lostMs.length,
        neverReadCount,
        staleCount,
        duplicatedCount: found.count("duplicated"),
        unexpectedCount: found.count("unexpected"),
        ...quantiles("stableLatency", stableMs),
        ...quantiles("lostLatency", lostMs),
      },
    };
  },
};

export default withinMemory(model, { perOperation: 150, perValue: 150 });

function judge(object: readonly Operation[], tally: Tally, strict: boolean): void {
  const numbers = numbering();
  const adds: Operation[] = [];
  const knownAt: number[] = [];
  const answered: Operation[] = [];
  for (let i = 0; i < object.length; i++) {
    const operation = object[i] as Operation;
    if (operation.f === "add") {
      const element = numbers.numberOf(operation.input);
      if (element === adds.length) {
        adds.push(operation);
        knownAt.push(Number.POSITIVE_INFINITY);
      }
      if (operation.outcome === "ok" && operation.completedAt < (knownAt[element] as number)) knownAt[element] = operation.completedAt;
    } else if (operation.f === "read" && operation.outcome === "ok") answered.push(operation);
  }
  const reads = Array.from(orderOf(timesOf(answered, invocation)), (i) => answered[i] as Operation);
  const columnOf = (): Int32Array => new Int32Array(adds.length).fill(none);
  const elements = { numbers, adds, knownAt, lastPresent: columnOf(), lastAbsent: columnOf(), shownBy: columnOf() };
  tally.attemptCount += adds.length;
  tally.readCount += reads.length;
  lookFromTheEnd(reads, elements, tally.found);
  for (let element = 0; element < adds.length; element++) settle(element, elements, reads, tally, strict);
}

/** Only what every later read has shown still waits for the last read that lacks it, so each read costs its own length. */
function lookFromTheEnd(reads: readonly Operation[], elements: Elements, found: Findings): void {
  const { adds, lastAbsent, shownBy } = elements;
  const everPresent = new Int32Array(adds.length);
  let left = adds.length;
  for (let element = 0; element < left; element++) everPresent[element] = element;
  for (let place = reads.length - 1; place >= 0; place--) {
    show(reads[place] as Operation, place, elements, found);
    let still = 0;
    for (let i = 0; i < left; i++) {
      const element = everPresent[i] as number;
      if (shownBy[element] === place) everPresent[still++] = element;
      else lastAbsent[element] = place;
    }
    left = still;
  }
}

function show(read: Operation, place: number, { numbers, knownAt, lastPresent, shownBy }: Elements, found: Findings): void {
  let strangers: Set<Name> | undefined;
  const twice = (value: Json): void =>
    found.add("duplicated", [read.index], () => `the read${ofKey(read)} (operation ${read.index}) names ${JSON.stringify(value)} more than once.`);
  const shown = listOf(read.output) ?? [];
  for (let i = 0; i < shown.length; i++) {
    const value = shown[i] as Json;
    const element = numbers.find(value);
    if (element >= 0) {
      if (shownBy[element] === place) twice(value);
      shownBy[element] = place;
      if (lastPresent[element] === none) lastPresent[element] = place;
      if (read.completedAt < (knownAt[element] as number)) knownAt[element] = read.completedAt;
      continue;
    }
    const name = nameOf(value);
    if (strangers?.has(name)) twice(value);
    else
      found.add(
        "unexpected",
        [read.index],
        () => `the read${ofKey(read)} (operation ${read.index}) names ${JSON.stringify(value)}, which nobody added.`,
      );
    strangers = (strangers ?? new Set()).add(name);
  }
}

function settle(
  element: number,
  { adds, knownAt: known, lastPresent, lastAbsent }: Elements,
  reads: readonly Operation[],
  tally: Tally,
  strict: boolean,
): void {
  const add = adds[element] as Operation;
  const knownAt = known[element] as number;
  const present = reads[lastPresent[element] as number];
  const absent = reads[lastAbsent[element] as number];
  const presentAt = present?.invokedAt ?? Number.NEGATIVE_INFINITY;
  const absentAt = absent?.invokedAt ?? Number.NEGATIVE_INFINITY;
  if (present && absentAt <= presentAt) {
    const latencyMs = Math.max(0, absentAt - knownAt);
    tally.stableMs.push(latencyMs);
    if (latencyMs === 0 || !absent) return;
    tally.staleCount++;
    if (!strict) return;
    tally.found.add(
      "stale",
      [add.index, absent.index, present.index],
      () =>
        `${JSON.stringify(add.input)}${ofKey(add)} was known ${latencyMs.toFixed(3)} ms before the read that lacks it was invoked (operation ${absent.index}).`,
    );
    return;
  }
  if (!absent || absentAt <= knownAt) {
    tally.neverReadCount++;
    return;
  }
  tally.lostMs.push(present ? Math.max(0, presentAt - knownAt) : 0);
  const how = present ? `was last shown by operation ${present.index}` : "was acknowledged and never shown";
  tally.found.add(
    "lost",
    [add.index, ...(present ? [present.index] : []), absent.index],
    () =>
      `${JSON.stringify(add.input)}${ofKey(add)} (added by operation ${add.index}) ${how}; the read of operation ${absent.index}, invoked later, lacks it, and no read invoked after that shows it.`,
  );
}

function quantiles(name: string, values: readonly number[]): Record<string, number> {
  if (values.length === 0) return {};
  const sorted = ascending(values);
  const at = (q: number): number => quantileOfSorted(sorted, q);
  return { [`${name}P50Ms`]: at(0.5), [`${name}P95Ms`]: at(0.95), [`${name}P99Ms`]: at(0.99), [`${name}MaxMs`]: at(1) };
}
