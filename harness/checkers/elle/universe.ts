/**
 * All versions of all objects, which a closed universe lets us know: what `init` or nobody left there, and what the transactions wrote. Of their order only
 * that is taken for known which the history forces: the first version comes before all others.
 */
import type { Json } from "../../core/history.ts";
import { type Name, nameOf } from "../linearizability/values.ts";
import { isWrite, type PredicateTransactions, type Write } from "./predicate-transactions.ts";

export interface Version {
  /** null: not there. */
  readonly value: Json;
  /** Place of the transaction; undefined: nobody wrote it, the object was not there yet. */
  readonly writer: number | undefined;
  /** `possible`: others may see it. `aborted` and `intermediate` (overwritten by its own transaction) are for nobody to see. */
  readonly state: "possible" | "aborted" | "intermediate";
}

export interface Thing {
  readonly key: string;
  readonly versions: readonly Version[];
  /** What was there before all transactions. */
  readonly first: Version;
  /** Versions that are there, by their value. */
  readonly byValue: ReadonlyMap<Name, Version>;
}

export type Universe = ReadonlyMap<string, Thing>;

/** Before `init`. */
const unborn: Version = { value: null, writer: undefined, state: "possible" };

/** Of an object that `init` may not have made: as `unborn`, but in no known order with what `init` made. */
const perhapsUnborn: Version = { ...unborn };

/** @returns the objects by their keys, or why versions cannot be told apart */
export function universeOf({ transactions, init, doubtful }: PredicateTransactions): Universe | string {
  const versions = new Map<string, Version[]>();
  for (const [writer, { operation, micros }] of transactions.entries()) {
    const last = new Map<string, Write>();
    for (const micro of micros) if (isWrite(micro)) last.set(micro.key, micro);
    for (const micro of micros) {
      if (!isWrite(micro)) continue;
      const state = operation.outcome === "fail" ? "aborted" : last.get(micro.key) === micro ? "possible" : "intermediate";
      const same = versions.get(micro.key) ?? [];
      same.push({ value: micro.value, writer, state });
      versions.set(micro.key, same);
    }
  }
  // Objects that only a read names were never there.
  for (const { micros } of transactions) {
    for (const micro of micros) {
      if (isWrite(micro)) continue;
      for (const key of micro.f === "r" ? [micro.key] : micro.shown.keys()) if (!versions.has(key)) versions.set(key, []);
    }
  }
  const universe = new Map<string, Thing>();
  for (const [key, written] of versions) {
    const byValue = new Map<Name, Version>();
    for (const version of written.filter(({ value }) => value !== null)) {
      const name = nameOf(version.value);
      const other = byValue.get(name);
      if (other && other.state !== "aborted" && version.state !== "aborted") {
        const indices = [other, version].map(({ writer }) => transactions[writer as number]?.operation.index);
        return `${name} was written to ${key} twice (operations ${indices.join(", ")}), so its versions cannot be told apart.`;
      }
      if (!other || other.state === "aborted") byValue.set(name, version);
    }
    const initial = written.find(({ writer }) => writer === init);
    const before = doubtful.has(key) ? [perhapsUnborn] : initial ? [] : [unborn];
    universe.set(key, { key, versions: [...before, ...written], first: initial ?? unborn, byValue });
  }
  return universe;
}

/** Which version a read of this value saw; undefined: nobody wrote it, or which one of several it was is unknown. */
export function versionRead({ versions, byValue }: Thing, value: Json): Version | undefined {
  if (value !== null) return byValue.get(nameOf(value));
  const absent = versions.filter((version) => version.value === null);
  // Never deleted, and there from the first: it was read as it was before.
  return absent.length > 1 ? undefined : (absent[0] ?? unborn);
}

/** Versions that certainly come after another one. */
export function laterThan({ first, versions }: Thing, version: Version): readonly Version[] {
  if (version !== unborn && version !== first) return [];
  return versions.filter((other) => other.state === "possible" && other.writer !== undefined && other !== version);
}

/**
 * The version in a predicate read's version set (Adya 1999, section 4.3) where the read does not show the object: the only one that the predicate does not
 * select; undefined: there are several, or none.
 */
export function versionUnseen({ versions }: Thing, matches: (value: Json) => boolean): Version | undefined {
  const [only, more] = versions.filter(({ value }) => !matches(value));
  return more ? undefined : only;
}
