/** Who depends on whom in a history of list-append, and why, in words. */

import { nameOf } from "../linearizability/values.ts";
import { type GraphBuilder, kinds } from "./graph.ts";
import { type List, mayHave } from "./lists.ts";
import type { Transaction, Transactions } from "./transactions.ts";

export function addListDependencies(
  graph: GraphBuilder,
  lists: readonly List[],
  transactions: readonly Transaction[],
  outOfTime: () => boolean,
): void {
  for (const { order, writes, reads, unseen } of lists) {
    if (outOfTime()) return;
    const writers = order.map((value) => {
      const writer = writes.get(value)?.transaction;
      return writer !== undefined && mayHave(transactions[writer]) ? writer : undefined;
    });
    for (const [i, writer] of writers.entries()) {
      const before = writers[i - 1];
      if (writer !== undefined && before !== undefined) graph.edge(before, writer, kinds.ww);
    }
    const last = writers[writers.length - 1];
    if (last !== undefined) for (const writer of unseen) graph.edge(last, writer, kinds.ww);
    const ofLast: number[] = [];
    for (const { transaction, values, version } of reads) {
      const seen = values[values.length - 1];
      const writer = seen === undefined ? undefined : writes.get(seen)?.transaction;
      if (writer !== undefined && mayHave(transactions[writer])) graph.edge(writer, transaction, kinds.wr);
      const next = writers[version];
      if (version >= 0 && next !== undefined) graph.edge(transaction, next, kinds.rw);
      if (version === order.length) ofLast.push(transaction);
    }
    graph.edges(ofLast, unseen, kinds.rw);
  }
}

/** Why `to` comes after `from`, as the beginning of a sentence. */
export function explainList(lists: readonly List[], { transactions }: Transactions, from: number, to: number, kind: number): string {
  const a = transactions[from] as Transaction;
  const b = transactions[to] as Transaction;
  for (const { isWrite, key, value } of b.micros) {
    const list = lists[key] as List;
    const name = nameOf(value);
    const place = list.places.get(name) ?? list.order.length;
    if (kind === kinds.ww && isWrite) {
      const before = list.order[place - 1];
      if (before !== undefined && list.writes.get(before)?.transaction === from)
        return `operation ${b.operation.index} appended ${name} to ${list.name} after operation ${a.operation.index} had appended ${before}`;
    }
    if (kind === kinds.wr && !isWrite) {
      const read = list.reads.find((one) => one.transaction === to && list.writes.get(one.values[one.values.length - 1] ?? "")?.transaction === from);
      if (read)
        return `operation ${b.operation.index} read ${read.values[read.values.length - 1]} from ${list.name}, which operation ${a.operation.index} had appended`;
    }
    if (kind === kinds.rw && isWrite && list.reads.some((one) => one.transaction === from && one.version === place))
      return `operation ${a.operation.index} read ${list.name} without ${name}, which operation ${b.operation.index} appended`;
  }
  return `operation ${a.operation.index} came before operation ${b.operation.index}`;
}
