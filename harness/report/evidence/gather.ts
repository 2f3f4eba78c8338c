/** The records that a counterexample rests on: those it cites, and what else was recorded of the same run, agent or key, nearest in time first. */
import { join } from "node:path";
import type { LedgerEntry, ResourceWrite, Transition } from "../../core/records.ts";
import type { CitedOperation } from "../read-history.ts";
import { type Row, readLinesWith } from "../read-lines.ts";
import type { Hide } from "../secrets.ts";
import type { Cite } from "./cites.ts";

export interface Gathered {
  readonly ledger: readonly LedgerEntry[];
  readonly transitions: readonly Transition[];
  readonly writes: readonly ResourceWrite[];
  readonly operations: readonly CitedOperation[];
  /** Records of the subject that there was no room for. */
  readonly leftOut: number;
}

interface Shelf<T> {
  /** Kept: all that are cited, and of the others those nearest in time. */
  put(record: T, time: number, cited: boolean): void;
  all(): { readonly kept: readonly T[]; readonly leftOut: number };
}

const shelfAtMost = 48;

/** @returns a gatherer for each cite: what to hand it of the history, and the rest once the other records were read */
export function gatherers(cites: readonly Cite[]): readonly Gatherer[] {
  return cites.map((cite) => {
    const near = <T>(): Shelf<T> => shelf<T>(cite.time);
    return { cite, ledger: near<LedgerEntry>(), transitions: near<Transition>(), writes: near<ResourceWrite>(), operations: near<CitedOperation>() };
  });
}

export interface Gatherer {
  readonly cite: Cite;
  readonly ledger: Shelf<LedgerEntry>;
  readonly transitions: Shelf<Transition>;
  readonly writes: Shelf<ResourceWrite>;
  readonly operations: Shelf<CitedOperation>;
}

/** Reads ledger, audit trail and writes once each, for all cites. A missing file holds nothing. */
export async function gatherRecords(directory: string, all: readonly Gatherer[], hide: Hide): Promise<void> {
  for (const [name, kind] of [
    ["ledger.jsonl", "ledger"],
    ["transitions.jsonl", "transitions"],
    ["writes.jsonl", "writes"],
  ] as const) {
    const needles = all.flatMap(({ cite }) => [
      ...cite.subjects.map((subject) => JSON.stringify(subject)),
      ...cite[kind].map((seq) => `"seq":${seq},`),
    ]);
    if (needles.length === 0) continue;
    await readLinesWith(join(directory, name), name, [...new Set(needles)], (row) => {
      if (typeof row.time !== "number" || typeof row.seq !== "number" || typeof row.subject !== "string") return;
      for (const one of all) {
        const cited = one.cite[kind].includes(row.seq);
        if (cited || one.cite.subjects.includes(row.subject)) (one[kind] as Shelf<unknown>).put(hide.all(row), row.time, cited);
      }
    });
  }
}

/** Whether both sides of an operation, as recorded, are about one of the cite's subjects. */
export function isAbout(cite: Cite, { invoke, completion }: CitedOperation): boolean {
  const named = [invoke.key, ...valuesOf(invoke.value), ...valuesOf(completion?.value)];
  return cite.subjects.some((subject) => named.includes(subject));
}

export function gathered({ ledger, transitions, writes, operations }: Gatherer): Gathered {
  const [l, t, w, o] = [ledger.all(), transitions.all(), writes.all(), operations.all()];
  const leftOut = l.leftOut + t.leftOut + w.leftOut + o.leftOut;
  return { ledger: l.kept, transitions: t.kept, writes: w.kept, operations: o.kept, leftOut };
}

function valuesOf(value: Row[string] | undefined): readonly unknown[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.values(value) : [];
}

function shelf<T>(around: number): Shelf<T> {
  let kept: { readonly record: T; readonly apart: number; readonly order: number }[] = [];
  let seen = 0;
  const trim = (most: number): void => {
    kept = kept.toSorted((a, b) => a.apart - b.apart).slice(0, most);
  };
  return {
    put(record, time, cited) {
      kept.push({ record, apart: cited ? -1 : Math.abs(time - around), order: seen++ });
      if (kept.length > shelfAtMost * 8) trim(shelfAtMost);
    },
    all() {
      trim(shelfAtMost);
      return { kept: kept.toSorted((a, b) => a.order - b.order).map(({ record }) => record), leftOut: seen - kept.length };
    },
  };
}
