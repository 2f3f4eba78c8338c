/**
 * What a history of list-append says of itself (Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", 2020): every value
 * is appended once, so a read shows its version and all that came before, and the longest read of a key gives the order of its versions.
 */
import { listOf, type Name, nameOf } from "../linearizability/values.ts";
import type { Transaction, Transactions } from "./transactions.ts";

interface Write {
  readonly transaction: number;
  /** Whether it is the transaction's last one to the key: another one leaves a state that nobody else may see. */
  isLast: boolean;
}

export interface Read {
  readonly transaction: number;
  readonly values: readonly Name[];
  /** How many elements of the order precede what it saw next; -1 where its last element is not in the order. */
  readonly version: number;
  /** Whether it is the beginning of the order. */
  readonly fits: boolean;
}

export interface List {
  /** Place of the key among the keys. */
  readonly key: number;
  readonly name: string;
  readonly writes: ReadonlyMap<Name, Write>;
  /** The elements in the order in which they were appended, as the longest read shows it. */
  readonly order: readonly Name[];
  readonly places: ReadonlyMap<Name, number>;
  /** Of committed transactions. */
  readonly reads: readonly Read[];
  readonly longest: Read | undefined;
  /** Appends that may have happened and that no read shows: later than all that a read shows. */
  readonly unseen: readonly number[];
}

type Draft = { name: string; writes: Map<Name, Write>; reads: { readonly transaction: number; readonly values: readonly Name[] }[] };

/** @returns the lists in the order of the keys, or why versions cannot be told apart */
export function listsOf({ transactions, keys }: Transactions): readonly List[] | string {
  const drafts = keys.map((name): Draft => ({ name, writes: new Map(), reads: [] }));
  for (const [transaction, { operation, micros }] of transactions.entries()) {
    const last = new Map<number, Write>();
    for (const { isWrite, key, value } of micros) {
      const draft = drafts[key] as Draft;
      if (!isWrite) {
        draft.reads.push({ transaction, values: namesOf(listOf(value) ?? []) });
        continue;
      }
      const name = nameOf(value);
      const same = draft.writes.get(name);
      if (same) {
        const indices = [(transactions[same.transaction] as Transaction).operation.index, operation.index];
        return `${name} was appended to ${draft.name} twice (operations ${indices.join(", ")}), so its versions cannot be told apart.`;
      }
      const before = last.get(key);
      if (before) before.isLast = false;
      const write = { transaction, isLast: true };
      last.set(key, write);
      draft.writes.set(name, write);
    }
  }
  return drafts.map((draft, key) => ({ key, ...ordered(draft, transactions) }));
}

/** A list of numbers is its own list of names. */
function namesOf(values: readonly unknown[]): readonly Name[] {
  return values.every((value) => typeof value === "number") ? values : values.map((value) => nameOf(value as Parameters<typeof nameOf>[0]));
}

function ordered({ name, writes, reads }: Draft, transactions: readonly Transaction[]): Omit<List, "key"> {
  let longestSeen: readonly Name[] = [];
  for (const { values } of reads) if (values.length > longestSeen.length) longestSeen = values;
  const places = new Map<Name, number>();
  for (const value of longestSeen) if (!places.has(value)) places.set(value, places.size);
  const order = [...places.keys()];
  const placed = reads.map(({ transaction, values }): Read => {
    const fits = values.length <= order.length && values.every((value, i) => value === order[i]);
    const last = values[values.length - 1];
    return { transaction, values, fits, version: last === undefined ? 0 : (places.get(last) ?? -2) + 1 };
  });
  const unseen = [...writes]
    .filter(([value, { transaction }]) => !places.has(value) && mayHave(transactions[transaction]))
    .map(([, write]) => write.transaction);
  const longest = longestSeen.length > 0 ? placed.find(({ values }) => values === longestSeen) : undefined;
  return { name, writes, order, places, reads: placed, longest, unseen };
}

/** Whether the transaction may have been committed. */
export function mayHave(transaction: Transaction | undefined): boolean {
  return transaction !== undefined && transaction.operation.outcome !== "fail";
}
