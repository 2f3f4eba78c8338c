/** Anomalies of histories with predicate reads that show without any cycle, with Elle's names. */
import type { Json } from "../../core/history.ts";
import type { Findings } from "../findings.ts";
import { nameOf } from "../linearizability/values.ts";
import { isWrite, type PredicateRead, type PredicateTransaction, type PredicateTransactions, type Write } from "./predicate-transactions.ts";
import type { Thing, Universe } from "./universe.ts";

export function findPredicateAnomalies(universe: Universe, { transactions }: PredicateTransactions, found: Findings, outOfTime: () => boolean): void {
  for (const [place, { operation, micros }] of transactions.entries()) {
    if (outOfTime()) return;
    const { index } = operation;
    const own = new Map<string, Write>();
    const saw = (key: string, value: Json, about: string): void => {
      const thing = universe.get(key) as Thing;
      const before = own.get(key);
      if (before) {
        if (nameOf(value) !== nameOf(before.value) && (value !== null || mustShow(before, thing)))
          found.add("internal", [index], () => `${about}, where its own steps before it leave ${told(before.value)}.`);
      } else if (value !== null) foreign(key, value, about);
    };
    const foreign = (key: string, value: Json, about: string): void => {
      const version = universe.get(key)?.byValue.get(nameOf(value));
      const writer = transactions[version?.writer ?? -1]?.operation.index ?? -1;
      if (version === undefined) found.add("unwritten", [index], () => `${about}, which nobody wrote.`);
      else if (version.state === "aborted")
        found.add("G1a", [index, writer], () => `${about}, which operation ${writer} wrote and then failed (aborted read).`);
      else if (version.writer === place) found.add("future-read", [index], () => `${about} before it wrote that itself.`);
      else if (version.state === "intermediate")
        found.add("G1b", [index, writer], () => `${about}, which operation ${writer} overwrote itself (intermediate read).`);
    };
    for (const micro of micros) {
      if (isWrite(micro)) own.set(micro.key, micro);
      else if (micro.f === "r") saw(micro.key, micro.value, `operation ${index} read ${told(micro.value)} from ${micro.key}`);
      else {
        const about = `operation ${index} read where ${JSON.stringify(micro.predicate)}`;
        for (const [key, value] of micro.shown) {
          saw(key, value, `${about} and saw ${key} as ${told(value)}`);
          if (!micro.matches(value))
            found.add("predicate-read-miss", [index], () => `${about} and was shown ${key} as ${told(value)}, which is not selected.`);
        }
        missed(micro, about, { operation, micros }, own);
      }
    }
  }

  function missed({ matches, shown }: PredicateRead, about: string, { operation }: PredicateTransaction, own: ReadonlyMap<string, Write>): void {
    for (const thing of universe.values()) {
      if (shown.has(thing.key)) continue;
      const before = own.get(thing.key);
      if (before) {
        if (matches(before.value) && mustShow(before, thing))
          found.add(
            "internal",
            [operation.index],
            () => `${about} and was not shown ${thing.key}, where its own steps before it leave ${told(before.value)}.`,
          );
        continue;
      }
      const seeable = thing.versions.filter(({ state }) => state === "possible");
      if (!seeable.every(({ value }) => matches(value))) continue;
      const all = seeable.map(({ value }) => told(value)).join(", ");
      found.add(
        "predicate-read-miss",
        [operation.index],
        () => `${about} and was not shown ${thing.key}, all of whose versions (${all}) are selected.`,
      );
    }
  }
}

/**
 * Whether an object is certainly there after the write. Elle's own tests hold writes to objects that were not there and are not seen by their own
 * transaction, as an UPDATE that finds no row; they blame nobody for that.
 */
function mustShow({ f }: Write, { versions }: Thing): boolean {
  return f !== "w" || versions.every(({ value }) => value !== null);
}

const told = (value: Json): string => (value === null ? "nothing" : JSON.stringify(value));
