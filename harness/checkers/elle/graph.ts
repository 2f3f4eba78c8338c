/** A graph of dependencies between transactions, compact enough for a hundred thousand of them. */
import type { Operation } from "../../core/history.ts";

/**
 * Kinds of edges, as bits. ww, wr and rw (write, read and anti-dependency) are Adya's ("Weak Consistency", 1999); rwp is the anti-dependency of a predicate
 * read. `free` leads from a helper on: it belongs to the edge by which the helper was entered.
 */
export const kinds = { ww: 1, wr: 2, rw: 4, process: 8, realtime: 16, free: 32, rwp: 64 } as const;

export interface Graph {
  /** Transactions first, then helpers. */
  readonly nodes: number;
  readonly transactions: number;
  /** The edges of node n are those from `offsets[n]` up to `offsets[n + 1]`. */
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly kindOf: Uint8Array;
}

export interface GraphBuilder {
  edge(from: number, to: number, kind: number): void;
  /** An edge from each source to each target but itself, with helpers where that would be too many. */
  edges(sources: readonly number[], targets: readonly number[], kind: number): void;
  helper(): number;
  /** Whether any transaction depends on any other. */
  isEmpty(): boolean;
  build(): Graph;
}

/** More edges than this between two groups go by helpers. */
const directEdges = 4096;

export function graphOf(transactions: number): GraphBuilder {
  let nodes = transactions;
  let count = 0;
  let empty = true;
  let from = new Int32Array(1024);
  let to = new Int32Array(1024);
  let kind = new Uint8Array(1024);
  const edge = (source: number, target: number, of: number): void => {
    if (source === target) return;
    if (count === from.length) {
      from = grown(from, new Int32Array(count * 2));
      to = grown(to, new Int32Array(count * 2));
      kind = grown(kind, new Uint8Array(count * 2));
    }
    from[count] = source;
    to[count] = target;
    kind[count++] = of;
    if (target < transactions) empty = false;
  };
  const helper = (): number => nodes++;
  return {
    edge,
    helper,
    isEmpty: () => empty,
    edges(sources, targets, of) {
      if (sources.length * targets.length <= directEdges) {
        for (const source of sources) for (const target of targets) edge(source, target, of);
      } else edgesByHelpers(sources, targets, of, edge, helper);
    },
    build: () => compact(nodes, transactions, count, from, to, kind),
  };
}

/** Two chains of helpers, one that leads to the targets up to each and one to those from each on, so that a source can leave itself out. */
function edgesByHelpers(
  sources: readonly number[],
  targets: readonly number[],
  kind: number,
  edge: GraphBuilder["edge"],
  helper: GraphBuilder["helper"],
): void {
  const upTo = targets.map(helper);
  const from = targets.map(helper);
  const places = new Map<number, number>();
  for (const [i, target] of targets.entries()) {
    places.set(target, i);
    edge(upTo[i] as number, target, kinds.free);
    edge(from[i] as number, target, kinds.free);
    if (i > 0) edge(upTo[i] as number, upTo[i - 1] as number, kinds.free);
    if (i > 0) edge(from[i - 1] as number, from[i] as number, kinds.free);
  }
  for (const source of sources) {
    const own = places.get(source) ?? targets.length;
    const before = upTo[own - 1];
    const after = from[own + 1];
    if (before !== undefined) edge(source, before, kind);
    if (after !== undefined) edge(source, after, kind);
  }
}

function grown<T extends Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

function compact(nodes: number, transactions: number, count: number, from: Int32Array, to: Int32Array, kind: Uint8Array): Graph {
  const offsets = new Int32Array(nodes + 1);
  for (let i = 0; i < count; i++) offsets[(from[i] as number) + 1] = (offsets[(from[i] as number) + 1] as number) + 1;
  for (let i = 0; i < nodes; i++) offsets[i + 1] = (offsets[i + 1] as number) + (offsets[i] as number);
  const next = offsets.slice(0, nodes);
  const targets = new Int32Array(count);
  const kindOf = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const place = next[from[i] as number] as number;
    next[from[i] as number] = place + 1;
    targets[place] = to[i] as number;
    kindOf[place] = kind[i] as number;
  }
  return { nodes, transactions, offsets, targets, kindOf };
}

/** Each committed transaction comes before the next one of its process. */
export function addProcessEdges(graph: GraphBuilder, operations: readonly Operation[]): void {
  const last = new Map<string, number>();
  const order = possible(operations).sort((a, b) => at(operations, a).invokedAt - at(operations, b).invokedAt);
  for (const i of order) {
    const { process, outcome } = at(operations, i);
    const before = last.get(process);
    if (before !== undefined && at(operations, before).completedAt < at(operations, i).invokedAt) graph.edge(before, i, kinds.process);
    if (outcome === "ok") last.set(process, i);
  }
}

/** Each committed transaction comes before those invoked after its answer; equal times are concurrent. A chain of helpers stands for time: one a moment of completion. */
export function addRealtimeEdges(graph: GraphBuilder, operations: readonly Operation[]): void {
  const all = possible(operations);
  const completed = all
    .filter((i) => at(operations, i).outcome === "ok")
    .sort((a, b) => at(operations, a).completedAt - at(operations, b).completedAt);
  const invoked = all.sort((a, b) => at(operations, a).invokedAt - at(operations, b).invokedAt);
  let done = 0;
  let moment = -1;
  for (const i of invoked) {
    const { invokedAt } = at(operations, i);
    let next = -1;
    for (; done < completed.length && at(operations, completed[done] as number).completedAt < invokedAt; done++) {
      if (next < 0) next = graph.helper();
      graph.edge(completed[done] as number, next, kinds.realtime);
    }
    if (next >= 0) {
      if (moment >= 0) graph.edge(moment, next, kinds.free);
      moment = next;
    }
    if (moment >= 0) graph.edge(moment, i, kinds.free);
  }
}

/** Those that may have happened. */
function possible(operations: readonly Operation[]): number[] {
  return operations.map((_, i) => i).filter((i) => at(operations, i).outcome !== "fail");
}

const at = (operations: readonly Operation[], i: number): Operation => operations[i] as Operation;
