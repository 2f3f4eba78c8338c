/** Queues, without a search where nobody found them empty. */
import type { Operation } from "../../core/history.ts";
import type { Decision } from "./judge.ts";
import { contradicted } from "./levels.ts";
import { told } from "./specification.ts";
import { type Name, nameOf } from "./values.ts";

const isEnqueue = ({ f }: Operation): boolean => f === "enqueue";
const tookNothing = ({ f, output, outcome }: Operation): boolean => f === "dequeue" && outcome === "ok" && output === null;

/**
 * Exact for a queue without order, where nobody found it empty. If any order will do, this one does: each enqueue when it was invoked, each dequeue when it
 * returned. So it is enough that by then, of each element, no more had been taken than put.
 */
export function unordered(operations: readonly Operation[], initial: readonly Name[]): Decision | undefined {
  const algorithm = "balance of each element";
  if (operations.some(tookNothing)) return undefined;
  const left = new Map<Name, number>();
  const change = (name: Name, by: number): number => {
    const now = (left.get(name) ?? 0) + by;
    left.set(name, now);
    return now;
  };
  for (const name of initial) change(name, 1);
  const time = (operation: Operation): number => (isEnqueue(operation) ? operation.invokedAt : operation.completedAt);
  // A dequeue of unknown outcome took nobody knows what, and nobody misses it.
  const moments = operations.filter((operation) => isEnqueue(operation) || operation.outcome === "ok");
  moments.sort((a, b) => time(a) - time(b) || Number(isEnqueue(b)) - Number(isEnqueue(a)));
  for (const operation of moments) {
    if (isEnqueue(operation)) change(nameOf(operation.input), 1);
    else if (change(nameOf(operation.output), -1) < 0) {
      const same = operations.filter(({ f, input, output }) => nameOf(f === "enqueue" ? input : output) === nameOf(operation.output));
      const others = same.filter((other) => other !== operation && other.invokedAt <= operation.completedAt).slice(0, 4);
      const text = `${told(operation)} took an element that had not been put so often before it returned: ${others.length === 0 ? "nobody had put it" : others.map(told).join(", ")}.`;
      return contradicted(algorithm, text, operation, ...others);
    }
  }
  return { algorithm };
}

/**
 * Exact for a FIFO queue whose elements are all different, where nobody found it empty and every dequeue was answered: Henzinger, Sezgin, Vafeiadis,
 * "Aspect-oriented linearizability proofs" (2013), theorem 1. Wrong is only: to take what was never put or was put later, to take it twice, and to
 * take y while x, put before it, is still there.
 */
export function firstInFirstOut(operations: readonly Operation[]): Decision | undefined {
  const algorithm = "order of pairs (Henzinger, Sezgin, Vafeiadis)";
  if (operations.some((operation) => !isEnqueue(operation) && (operation.outcome !== "ok" || operation.output === null))) return undefined;
  const put = new Map<Name, { readonly enqueue: Operation; dequeue?: Operation }>();
  for (const operation of operations) {
    if (!isEnqueue(operation)) continue;
    const name = nameOf(operation.input);
    if (put.has(name)) return undefined;
    put.set(name, { enqueue: operation });
  }
  for (const operation of operations) {
    if (isEnqueue(operation)) continue;
    const element = put.get(nameOf(operation.output));
    if (element === undefined) return contradicted(algorithm, `${told(operation)} took what nobody had put.`, operation);
    if (element.dequeue !== undefined)
      return contradicted(algorithm, `${told(operation)} took what ${told(element.dequeue)} had taken; it was put once.`, element.dequeue, operation);
    element.dequeue = operation;
    if (operation.completedAt < element.enqueue.invokedAt)
      return contradicted(algorithm, `${told(operation)} returned before ${told(element.enqueue)} was invoked.`, operation, element.enqueue);
  }
  // An enqueue of unknown outcome that nobody took need not have happened.
  const elements = [...put.values()].filter(({ enqueue, dequeue }) => enqueue.outcome === "ok" || dequeue !== undefined);
  const byReturn = [...elements].sort((a, b) => a.enqueue.completedAt - b.enqueue.completedAt || 0);
  const takenAt = ({ dequeue }: (typeof elements)[number]): number => dequeue?.invokedAt ?? Number.POSITIVE_INFINITY;
  let next = 0;
  let longest: (typeof elements)[number] | undefined;
  for (const y of elements.sort((a, b) => a.enqueue.invokedAt - b.enqueue.invokedAt)) {
    for (; next < byReturn.length; next++) {
      const x = byReturn[next] as (typeof elements)[number];
      if (x.enqueue.completedAt >= y.enqueue.invokedAt) break;
      if (longest === undefined || takenAt(x) > takenAt(longest)) longest = x;
    }
    if (longest === undefined || y.dequeue === undefined || takenAt(longest) <= y.dequeue.completedAt) continue;
    const x = longest;
    const then = x.dequeue === undefined ? "which nobody ever took" : `which only ${told(x.dequeue)} took, invoked later`;
    const shown = [x.enqueue, y.enqueue, y.dequeue, ...(x.dequeue === undefined ? [] : [x.dequeue])];
    return contradicted(
      algorithm,
      `${told(y.dequeue)} overtook ${told(x.enqueue)}, ${then}; it had returned before ${told(y.enqueue)} was invoked.`,
      ...shown,
    );
  }
  return { algorithm };
}
