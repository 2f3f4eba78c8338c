/** The order of invocations and returns, as numbers. Equal times are concurrent: the invocations come first. */
import type { Operation } from "../../core/history.ts";

export interface Timeline {
  /** Positions of the operations that returned, by invocation. The search numbers them 0, 1, ... in this order. */
  readonly returned: Int32Array;
  /** Positions of those of unknown outcome, which stay open for ever, by invocation. */
  readonly open: Int32Array;
  /** Invocation of returned operation i is node 2 i, its return 2 i + 1: all nodes in the order of time. */
  readonly nodes: Int32Array;
  /** By returned operation: the rank of its return among all events. */
  readonly returnRank: Int32Array;
  /** By open operation: the rank of its invocation among all events. */
  readonly openRank: Int32Array;
  /** By returned operation: how many returned, and how many open ones, were invoked before it returned. */
  readonly invokedBefore: Int32Array;
  readonly openBefore: Int32Array;
}

export function timelineOf(operations: readonly Operation[]): Timeline {
  const at = (position: number): Operation => operations[position] as Operation;
  const order = Array.from(operations.keys()).sort((a, b) => at(a).invokedAt - at(b).invokedAt || a - b);
  const returned = Int32Array.from(order.filter((position) => at(position).outcome === "ok"));
  const open = Int32Array.from(order.filter((position) => at(position).outcome !== "ok"));
  const count = returned.length;
  const invokedAt = Float64Array.from(returned, (position) => at(position).invokedAt);
  const completedAt = Float64Array.from(returned, (position) => at(position).completedAt);
  const openAt = Float64Array.from(open, (position) => at(position).invokedAt);
  const returns = Array.from(returned.keys()).sort((a, b) => (completedAt[a] as number) - (completedAt[b] as number) || a - b);

  const nodes = new Int32Array(2 * count);
  const returnRank = new Int32Array(count);
  const openRank = new Int32Array(open.length);
  const invokedBefore = new Int32Array(count);
  const openBefore = new Int32Array(count);
  let invoked = 0;
  let opened = 0;
  let length = 0;
  let rank = 0;
  for (const i of returns) {
    const time = completedAt[i] as number;
    for (; invoked < count && (invokedAt[invoked] as number) <= time; rank++) nodes[length++] = 2 * invoked++;
    for (; opened < open.length && (openAt[opened] as number) <= time; rank++) openRank[opened++] = rank;
    invokedBefore[i] = invoked;
    openBefore[i] = opened;
    returnRank[i] = rank++;
    nodes[length++] = 2 * i + 1;
  }
  for (; opened < open.length; rank++) openRank[opened++] = rank;
  return { returned, open, nodes, returnRank, openRank, invokedBefore, openBefore };
}
