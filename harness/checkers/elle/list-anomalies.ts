/** Anomalies of list-append that show without any cycle, with Elle's names. */
import type { Json } from "../../core/history.ts";
import type { Findings } from "../findings.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";
import { type List, mayHave, type Read } from "./lists.ts";
import type { Transaction } from "./transactions.ts";

export function findListAnomalies(lists: readonly List[], transactions: readonly Transaction[], found: Findings, outOfTime: () => boolean): void {
  for (const transaction of transactions) if (transaction.operation.outcome === "ok") withinTransaction(transaction, lists, found);
  for (const list of lists) {
    const suspects = list.order.filter((value) => !mayHave(transactions[list.writes.get(value)?.transaction ?? -1]));
    for (const read of list.reads) {
      if (outOfTime()) return;
      // Of a beginning of the order only the suspects need a look: all reads together are far longer than the order.
      const within = read.fits ? suspects.filter((value) => (list.places.get(value) as number) < read.values.length) : read.values;
      ofRead(read, within, list, transactions, found);
    }
    dirtyUpdates(list, transactions, found);
    misplacedAppends(list, transactions, found);
    lostUpdates(list, transactions, found);
  }
}

const indexOf = (transactions: readonly Transaction[], place: number): number => (transactions[place] as Transaction).operation.index;

/** At most the end of a list, for people. */
const shown = (values: readonly Name[]): string => (values.length > 8 ? `[... ${values.slice(-8).join(", ")}]` : `[${values.join(", ")}]`);

function ofRead(read: Read, suspects: readonly Name[], list: List, transactions: readonly Transaction[], found: Findings): void {
  const { values, fits, transaction } = read;
  const index = indexOf(transactions, transaction);
  const about = `operation ${index} read ${list.name} as ${shown(values)}`;
  if (!fits || read === list.longest) {
    const seen = new Set<Name>();
    const twice = values.find((value) => seen.size === seen.add(value).size);
    if (twice !== undefined) found.add("duplicate-elements", [index], () => `${about}, with ${twice} more than once.`);
  }
  if (!fits && list.longest && read !== list.longest) {
    const other = indexOf(transactions, list.longest.transaction);
    const least = list.longest.values;
    if (!values.every((value, i) => value === least[i]))
      found.add("incompatible-order", [index, other], () => `${about}, which is no beginning of ${shown(least)}, as operation ${other} read it.`);
  }
  for (const value of suspects) {
    const write = list.writes.get(value);
    if (write === undefined) found.add("unwritten", [index], () => `${about}, with ${value}, which nobody appended.`);
    else if (!mayHave(transactions[write.transaction])) {
      const writer = indexOf(transactions, write.transaction);
      found.add("G1a", [index, writer], () => `${about}, with ${value}, which operation ${writer} appended and then failed (aborted read).`);
    }
  }
  const last = list.writes.get(values[values.length - 1] ?? "");
  if (last && !last.isLast && last.transaction !== transaction) {
    const writer = indexOf(transactions, last.transaction);
    found.add("G1b", [index, writer], () => `${about}, a state that operation ${writer} left behind half-way: it appended more (intermediate read).`);
  }
}

/** An aborted append, and a committed one on top of it. */
function dirtyUpdates({ name, order, writes }: List, transactions: readonly Transaction[], found: Findings): void {
  let aborted: Name | undefined;
  for (const value of order) {
    const writer = writes.get(value)?.transaction;
    const outcome = writer === undefined ? undefined : transactions[writer]?.operation.outcome;
    if (outcome === "fail") aborted ??= value;
    else if (outcome === "ok") {
      const dirty = aborted;
      if (dirty !== undefined) {
        const indices = [dirty, value].map((one) => indexOf(transactions, writes.get(one)?.transaction as number));
        found.add(
          "dirty-update",
          indices,
          () => `operation ${indices[1]} appended ${value} to ${name} on top of ${dirty}, which operation ${indices[0]} appended and then failed.`,
        );
      }
      aborted = undefined;
    }
  }
}

/** Appends of one transaction that took effect in another order than its own: no cycle, as there is one transaction only, and Elle does not see it. */
function misplacedAppends({ key, name, writes, order, places }: List, transactions: readonly Transaction[], found: Findings): void {
  for (const transaction of new Set(order.map((value) => writes.get(value)?.transaction))) {
    if (transaction === undefined) continue;
    const { micros, operation } = transactions[transaction] as Transaction;
    const own = micros.filter(({ isWrite, key: of }) => isWrite && of === key).map(({ value }) => nameOf(value));
    const at = own.findIndex((value, i) => i > 0 && (places.get(value) ?? order.length) < (places.get(own[i - 1] as Name) ?? 0));
    if (at < 0) continue;
    const [first, second] = [own[at - 1], own[at]];
    found.add(
      "internal",
      [operation.index],
      () => `operation ${operation.index} appended ${first} and then ${second} to ${name}, and reads show ${second} before ${first}.`,
    );
  }
}

/** Several committed transactions that read the same version of a key and then appended to it. */
function lostUpdates(list: List, transactions: readonly Transaction[], found: Findings): void {
  const byVersion = new Map<number, number[]>();
  let before = -1;
  for (const { transaction, version, fits } of list.reads) {
    // The first read of a key by a transaction is the one that its append may build on.
    if (transaction === before || !fits) continue;
    before = transaction;
    const known = byVersion.get(version);
    if (known) known.push(transaction);
    else byVersion.set(version, [transaction]);
  }
  for (const [version, readers] of byVersion) {
    if (readers.length < 2) continue;
    const writers = readers.filter((transaction) => readsThenAppends(transactions[transaction] as Transaction, list));
    if (writers.length < 2) continue;
    const indices = writers.map((transaction) => indexOf(transactions, transaction));
    found.add(
      "lost-update",
      indices,
      () => `operations ${indices.join(" and ")} all read ${list.name} as ${shown(list.order.slice(0, version))} and then appended to it.`,
    );
  }
}

function readsThenAppends({ micros }: Transaction, list: List): boolean {
  const first = micros.findIndex(({ isWrite, key }) => !isWrite && key === list.key);
  const append = micros.findIndex(({ isWrite, key }) => isWrite && key === list.key);
  return first >= 0 && first < append;
}

/** Reads that contradict what the same transaction read, appended or will append. */
function withinTransaction({ operation, micros }: Transaction, lists: readonly List[], found: Findings): void {
  if (new Set(micros.map(({ key }) => key)).size === micros.length) return;
  const expected = new Map<number, { readonly whole: boolean; readonly values: readonly Name[] }>();
  const reads: { readonly key: number; readonly values: readonly Name[] }[] = [];
  for (const { isWrite, key, value } of micros) {
    const state = expected.get(key);
    const name = (lists[key] as List).name;
    if (isWrite) {
      const element = nameOf(value);
      if (reads.some((read) => read.key === key && read.values.includes(element)))
        found.add(
          "future-read",
          [operation.index],
          () => `operation ${operation.index} read ${element} from ${name} before it appended that itself.`,
        );
      expected.set(key, { whole: state?.whole ?? false, values: [...(state?.values ?? []), element] });
      continue;
    }
    const values = namesIn(value);
    reads.push({ key, values });
    const from = values.length - (state?.values.length ?? 0);
    const agrees = state === undefined || (from >= 0 && (!state.whole || from === 0) && state.values.every((one, i) => one === values[from + i]));
    if (!agrees) {
      const wanted = state?.whole ? shown(state.values) : `a list that ends with ${shown(state?.values ?? [])}`;
      found.add(
        "internal",
        [operation.index],
        () => `operation ${operation.index} read ${name} as ${shown(values)}, where its own steps before it leave ${wanted}.`,
      );
    }
    expected.set(key, { whole: true, values });
  }
}

const namesIn = (value: Json): readonly Name[] => (listOf(value) ?? []).map((one) => nameOf(one));
