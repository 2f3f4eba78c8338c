/** Who depends on whom in a history with predicate reads over a closed universe. */
import type { Json } from "../../core/history.ts";
import { type GraphBuilder, kinds } from "./graph.ts";
import { isWrite, type PredicateTransactions } from "./predicate-transactions.ts";
import { laterThan, type Thing, type Universe, type Version, versionRead, versionUnseen } from "./universe.ts";

interface Dependency {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
  /** Why, as the beginning of a sentence. */
  text(): string;
}

export function addPredicateDependencies(graph: GraphBuilder, universe: Universe, history: PredicateTransactions, outOfTime: () => boolean): void {
  for (const place of history.transactions.keys()) {
    if (outOfTime()) return;
    for (const { from, to, kind } of dependenciesOf(place, universe, history)) graph.edge(from, to, kind);
  }
}

/** Why `to` comes after `from`, as the beginning of a sentence. */
export function explainPredicate(universe: Universe, history: PredicateTransactions, from: number, to: number, kind: number): string {
  for (const place of [from, to])
    for (const one of dependenciesOf(place, universe, history)) if (one.from === from && one.to === to && one.kind === kind) return one.text();
  return `operation ${indexOf(history, from)} came before operation ${indexOf(history, to)}`;
}

/** What follows from the micro-operations of one transaction. An object that it wrote itself before a read says nothing of the others. */
function* dependenciesOf(place: number, universe: Universe, history: PredicateTransactions): Generator<Dependency> {
  const { micros } = history.transactions[place] as PredicateTransactions["transactions"][number];
  const index = indexOf(history, place);
  const own = new Set<string>();
  for (const micro of micros) {
    if (isWrite(micro)) {
      own.add(micro.key);
      yield* overFirst(place, universe.get(micro.key) as Thing, history);
    } else if (micro.f === "r") {
      const thing = universe.get(micro.key) as Thing;
      const version = own.has(micro.key) ? undefined : versionRead(thing, micro.value);
      if (version?.state !== "possible") continue;
      const about = `operation ${index} read ${told(version)} from ${micro.key}`;
      if (version.writer !== undefined) yield { from: version.writer, to: place, kind: kinds.wr, text: () => `${about}, ${left(version, history)}` };
      for (const later of laterThan(thing, version))
        yield { from: place, to: later.writer as number, kind: kinds.rw, text: () => `${about}, over which ${wrote(later, history)}` };
    } else {
      for (const thing of universe.values()) {
        if (own.has(thing.key)) continue;
        const shown = micro.shown.get(thing.key);
        const version = shown === undefined ? versionUnseen(thing, micro.matches) : versionRead(thing, shown);
        if (version?.state !== "possible") continue;
        const about = `operation ${index} read where ${JSON.stringify(micro.predicate)} and ${
          shown === undefined
            ? `was not shown ${thing.key}, so it saw the only version not selected, ${told(version)}`
            : `saw ${thing.key} as ${told(version)}`
        }`;
        if (version.writer !== undefined)
          yield { from: version.writer, to: place, kind: kinds.wr, text: () => `${about}, ${left(version, history)}` };
        for (const later of laterThan(thing, version))
          if (micro.matches(later.value) !== micro.matches(version.value))
            yield {
              from: place,
              to: later.writer as number,
              kind: kinds.rwp,
              text: () => `${about}, over which ${wrote(later, history)}, which changes what is selected`,
            };
      }
    }
  }
}

/** Whoever writes an object overwrites what `init` left there. */
function* overFirst(place: number, { key, first, versions }: Thing, history: PredicateTransactions): Generator<Dependency> {
  const from = first.writer;
  const own = versions.find(({ writer, state }) => writer === place && state === "possible");
  if (from === undefined || own === undefined) return;
  yield {
    from,
    to: place,
    kind: kinds.ww,
    text: () => {
      const did = own.value === null ? `deleted ${key}` : `wrote ${told(own)} to ${key}`;
      return `operation ${indexOf(history, place)} ${did}, which operation ${indexOf(history, from)} had left as ${told(first)}`;
    },
  };
}

const indexOf = ({ transactions }: PredicateTransactions, place: number): number => transactions[place]?.operation.index as number;

const told = ({ value }: { readonly value: Json }): string => (value === null ? "nothing" : JSON.stringify(value));

/** As a clause on the version named just before. */
const left = ({ writer }: Version, history: PredicateTransactions): string => `which operation ${indexOf(history, writer as number)} had left there`;

function wrote({ value, writer }: Version, history: PredicateTransactions): string {
  const index = indexOf(history, writer as number);
  return value === null ? `operation ${index} deleted it` : `operation ${index} wrote ${JSON.stringify(value)}`;
}
