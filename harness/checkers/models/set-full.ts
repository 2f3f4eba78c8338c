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
import { listOf, type Name, nameOf } from "../linearizability/values.ts";
import { withinMemory } from "../size.ts";

interface Element {
  readonly add: Operation;
  /** Infinity until it is known (ms). */
  knownAt: number;
  lastPresent: Operation | undefined;
  lastAbsent: Operation | undefined;
}

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
  const elements = new Map<Name, Element>();
  const reads: Operation[] = [];
  for (const operation of object) {
    if (operation.f === "add") {
      const name = nameOf(operation.input);
      const element = elements.get(name) ?? { add: operation, knownAt: Number.POSITIVE_INFINITY, lastPresent: undefined, lastAbsent: undefined };
      if (operation.outcome === "ok") element.knownAt = Math.min(element.knownAt, operation.completedAt);
      elements.set(name, element);
    } else if (operation.f === "read" && operation.outcome === "ok") reads.push(operation);
  }
  reads.sort((a, b) => a.invokedAt - b.invokedAt);
  tally.attemptCount += elements.size;
  tally.readCount += reads.length;
  // From the last read to the first: only what every later read has shown still waits for the last read that lacks it, so each read costs its own length.
  let everPresent: Iterable<Element> = elements.values();
  for (const read of reads.toReversed()) {
    const shown = elementsOf(read, elements, tally.found);
    for (const element of shown) {
      element.lastPresent ??= read;
      element.knownAt = Math.min(element.knownAt, read.completedAt);
    }
    const still: Element[] = [];
    for (const element of everPresent) {
      if (shown.has(element)) still.push(element);
      else element.lastAbsent = read;
    }
    everPresent = still;
  }
  for (const element of elements.values()) settle(element, tally, strict);
}

function elementsOf(read: Operation, elements: ReadonlyMap<Name, Element>, found: Findings): Set<Element> {
  const shown = new Set<Element>();
  const strangers = new Set<Name>();
  const twice = (value: Json): void =>
    found.add("duplicated", [read.index], () => `the read${ofKey(read)} (operation ${read.index}) names ${JSON.stringify(value)} more than once.`);
  for (const value of listOf(read.output) ?? []) {
    const name = nameOf(value);
    const element = elements.get(name);
    if (element === undefined) {
      if (strangers.has(name)) twice(value);
      else
        found.add(
          "unexpected",
          [read.index],
          () => `the read${ofKey(read)} (operation ${read.index}) names ${JSON.stringify(value)}, which nobody added.`,
        );
      strangers.add(name);
    } else if (shown.has(element)) twice(value);
    else shown.add(element);
  }
  return shown;
}

function settle({ add, knownAt, lastPresent, lastAbsent }: Element, tally: Tally, strict: boolean): void {
  const presentAt = lastPresent?.invokedAt ?? Number.NEGATIVE_INFINITY;
  const absentAt = lastAbsent?.invokedAt ?? Number.NEGATIVE_INFINITY;
  if (lastPresent && absentAt <= presentAt) {
    const latencyMs = Math.max(0, absentAt - knownAt);
    tally.stableMs.push(latencyMs);
    if (latencyMs === 0 || !lastAbsent) return;
    tally.staleCount++;
    if (!strict) return;
    tally.found.add(
      "stale",
      [add.index, lastAbsent.index, lastPresent.index],
      () =>
        `${JSON.stringify(add.input)}${ofKey(add)} was known ${latencyMs.toFixed(3)} ms before the read that lacks it was invoked (operation ${lastAbsent.index}).`,
    );
    return;
  }
  if (!lastAbsent || absentAt <= knownAt) {
    tally.neverReadCount++;
    return;
  }
  tally.lostMs.push(lastPresent ? Math.max(0, presentAt - knownAt) : 0);
  const how = lastPresent ? `was last shown by operation ${lastPresent.index}` : "was acknowledged and never shown";
  tally.found.add(
    "lost",
    [add.index, ...(lastPresent ? [lastPresent.index] : []), lastAbsent.index],
    () =>
      `${JSON.stringify(add.input)}${ofKey(add)} (added by operation ${add.index}) ${how}; the read of operation ${lastAbsent.index}, invoked later, lacks it, and no read invoked after that shows it.`,
  );
}

function quantiles(name: string, values: readonly number[]): Record<string, number> {
  if (values.length === 0) return {};
  const sorted = ascending(values);
  const at = (q: number): number => quantileOfSorted(sorted, q);
  return { [`${name}P50Ms`]: at(0.5), [`${name}P95Ms`]: at(0.95), [`${name}P99Ms`]: at(0.99), [`${name}MaxMs`]: at(1) };
}
