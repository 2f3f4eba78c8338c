/** The order of invocations and returns, as numbers. Equal times are concurrent: the invocations come first. */
import type { Operation } from "../../core/history.ts";
import { invocation, orderOf, timesOf } from "./order.ts";

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
  const order = orderOf(timesOf(operations, invocation));
  const count = operations.reduce((returned, { outcome }) => (outcome === "ok" ? returned + 1 : returned), 0);
  const returned = new Int32Array(count);
  const open = new Int32Array(operations.length - count);
  const invokedAt = new Float64Array(count);
  const completedAt = new Float64Array(count);
  const openAt = new Float64Array(open.length);
  for (let i = 0, ok = 0; i < order.length; i++) {
    const position = order[i] as number;
    const operation = operations[position] as Operation;
    if (operation.outcome === "ok") {
      returned[ok] = position;
      invokedAt[ok] = operation.invokedAt;
      completedAt[ok++] = operation.completedAt;
    } else {
      open[i - ok] = position;
      openAt[i - ok] = operation.invokedAt;
    }
  }
  const returns = orderOf(completedAt);

  const nodes = new Int32Array(2 * count);
  const returnRank = new Int32Array(count);
  const openRank = new Int32Array(open.length);
  const invokedBefore = new Int32Array(count);
  const openBefore = new Int32Array(count);
  let invoked = 0;
  let opened = 0;
  let length = 0;
  let rank = 0;
  for (let place = 0; place < count; place++) {
    const i = returns[place] as number;
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
