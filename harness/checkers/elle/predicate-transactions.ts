/**
 * Transactions over objects that come and go, as Elle's closed-predicate tests record them: one `init` with the state before all (`{key: value}`), and lists of
 * `["r", key, value]`, `["rp", predicate, {key: value}]`, `["insert", key, value]`, `["w", key, value]` and `["delete", key]`.
 */
import type { Json, Operation } from "../../core/history.ts";
import { listOf, nameOf } from "../linearizability/values.ts";
import { type Matches, predicateOf } from "./predicates.ts";

interface ItemRead {
  readonly f: "r";
  readonly key: string;
  readonly value: Json;
}

export interface Write {
  readonly f: "insert" | "w" | "delete";
  readonly key: string;
  /** null: deleted. */
  readonly value: Json;
}

export interface PredicateRead {
  readonly f: "rp";
  readonly predicate: Json;
  readonly matches: Matches;
  readonly shown: ReadonlyMap<string, Json>;
}

export interface PredicateTransaction {
  readonly operation: Operation;
  /** Of one that is not known to have been committed only the writes: what it read is unknown. */
  readonly micros: readonly (ItemRead | Write | PredicateRead)[];
}

export interface PredicateTransactions {
  readonly transactions: readonly PredicateTransaction[];
  /** The place of `init` among them; -1: the universe is empty at first. */
  readonly init: number;
  /** Keys that `init` was asked for and did not answer: they may have been there or not. */
  readonly doubtful: ReadonlySet<string>;
  /** Of a predicate read and an object: every such read says something of each object. */
  readonly pairs: number;
  /** Why the history cannot be judged, a sentence; "" if it can. */
  readonly problem: string;
}

export function predicateTransactionsOf(operations: readonly Operation[]): PredicateTransactions {
  const transactions: PredicateTransaction[] = [];
  const cannot = (problem: string): PredicateTransactions => ({ transactions: [], init: -1, doubtful: new Set(), pairs: 0, problem });
  const inits = operations.filter(({ f }) => f === "init");
  const [first, second] = inits;
  if (second) return cannot(`Operations ${first?.index} and ${second.index} are both an init, where one at most was expected.`);
  if (first && first.outcome !== "ok") return cannot(`Operation ${first.index}, the init, was not acknowledged, so the state before all is unknown.`);
  const early = operations.find((operation) => first && operation !== first && operation.invokedAt < first.completedAt);
  if (early)
    return cannot(`Operation ${early.index} was invoked before operation ${first?.index}, the init, was answered: it may have seen neither state.`);
  for (const operation of operations) {
    const { outcome, index, input, output } = operation;
    if (operation === first) {
      transactions.push({ operation, micros: [...entriesOf(input), ...entriesOf(output)].map(([key, value]) => ({ f: "insert", key, value })) });
      continue;
    }
    const answered = outcome === "ok" ? listOf(output) : undefined;
    const list = answered ?? listOf(input) ?? listOf(output);
    if (list === undefined) {
      if (outcome === "fail") continue;
      return cannot(`Operation ${index} does not say what it wrote, so the versions of the objects are not all known.`);
    }
    const micros: PredicateTransaction["micros"][number][] = [];
    for (const one of list) {
      const micro = microOf(one);
      if (micro === undefined)
        return cannot(
          `Operation ${index} holds ${JSON.stringify(one)} where ["r", key, value], ["rp", predicate, {key: value}], ["insert", key, value], ["w", key, value] or ["delete", key] was expected (predicates: "true", ["=", v], ["mod", m, r]).`,
        );
      // A predicate read without its answer shows nothing, not that nothing was selected.
      const isKnown = answered !== undefined && !(micro.f === "rp" && (listOf(one)?.[2] ?? null) === null);
      if (isKnown || isWrite(micro)) micros.push(micro);
    }
    transactions.push({ operation, micros });
  }
  const init = transactions.findIndex(({ operation }) => operation === first);
  const answered = new Map(entriesOf(first?.output ?? null));
  const doubtful = new Set(entriesOf(first?.input ?? null).flatMap(([key]) => (answered.has(key) ? [] : [key])));
  // Named once: what was answered and asked for alike.
  const initial = transactions[init];
  if (initial) transactions[init] = { ...initial, micros: [...new Map(initial.micros.map((micro) => [(micro as Write).key, micro])).values()] };
  const micros = transactions.flatMap((transaction) => transaction.micros);
  const keys = new Set(micros.flatMap((micro) => (micro.f === "rp" ? [...micro.shown.keys()] : micro.key)));
  const pairs = keys.size * micros.filter(({ f }) => f === "rp").length;
  return { transactions, init, doubtful, pairs, problem: "" };
}

export function isWrite(micro: PredicateTransaction["micros"][number]): micro is Write {
  return micro.f !== "r" && micro.f !== "rp";
}

function microOf(micro: Json): PredicateTransaction["micros"][number] | undefined {
  const [f, of, value = null] = listOf(micro) ?? [];
  if (of === undefined) return undefined;
  if (f === "rp") {
    const matches = predicateOf(of);
    return matches && { f, predicate: of, matches, shown: new Map(entriesOf(value)) };
  }
  const key = keyOf(of);
  if (f === "r") return { f, key, value };
  if (f === "delete") return { f, key, value: null };
  return (f === "insert" || f === "w") && value !== null ? { f, key, value } : undefined;
}

/** JSON has only text for the keys of an object, so 26 and "26" are the same key. */
const keyOf = (key: Json): string => (typeof key === "string" ? key : String(nameOf(key)));

function entriesOf(value: Json): readonly (readonly [string, Json])[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
