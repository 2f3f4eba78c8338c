/**
 * Exact for a lock of which only this is known, whether it is held: acquires and releases alternate, and those of one kind may change places.
 *
 * Nothing is placed before it has to be, which is when it returns. If the lock is then in the other state, one of the other kind goes before it: of
 * those invoked by then the one that returns first, those of unknown outcome last (Jackson's rule). That loses nothing. Let x be the first to return
 * of all that are left, y the one chosen, and take any order of the rest. What it has before x was invoked before x returned and returns later, so
 * all of it may act at the return of x, and so may x and y. So x may change places with the first of its kind, and y with the first of the other
 * kind: that one then acts when y did, and it returns later. A y of unknown outcome, which the order may not have, simply replaces it.
 */
import type { Operation } from "../../core/history.ts";
import { heap } from "./heap.ts";
import type { Decision } from "./judge.ts";
import { contradicted } from "./levels.ts";
import { invocation, orderOf, returning, timesOf } from "./order.ts";
import { told } from "./specification.ts";

const algorithm = "alternation by first return";

/** @param operations acquires and releases of a lock that is free at first */
export function alternation(operations: readonly Operation[]): Decision {
  const at = (position: number): Operation => operations[position] as Operation;
  const returns = timesOf(operations, returning);
  const byInvocation = orderOf(timesOf(operations, invocation));
  const first = (position: number): number => returns[position] as number;
  const open = { acquire: heap(first), release: heap(first) };
  const placed = new Uint8Array(operations.length);
  let invoked = 0;
  let last: Operation | undefined;
  const place = (position: number): void => {
    placed[position] = 1;
    last = at(position);
  };
  const byReturn = orderOf(returns);
  for (let turn = 0; turn < byReturn.length; turn++) {
    const position = byReturn[turn] as number;
    const operation = at(position);
    if (operation.outcome !== "ok") break;
    for (; invoked < byInvocation.length && at(byInvocation[invoked] as number).invokedAt <= operation.completedAt; invoked++) {
      const next = byInvocation[invoked] as number;
      open[at(next).f === "acquire" ? "acquire" : "release"].add(next);
    }
    if (placed[position] === 1) continue;
    const kind = operation.f === "acquire" ? "acquire" : "release";
    if ((last?.f ?? "release") === kind) {
      const others = open[kind === "acquire" ? "release" : "acquire"];
      let between = others.take();
      while (between !== undefined && placed[between] === 1) between = others.take();
      if (between === undefined) return without(operation, last);
      place(between);
    }
    place(position);
  }
  return { algorithm };
}

function without(operation: Operation, last: Operation | undefined): Decision {
  const [state, missing] = operation.f === "acquire" ? ["held", "release"] : ["free", "acquire"];
  const since = last === undefined ? "as at first" : `since ${told(last)}`;
  const text = `no order places ${told(operation)} before its return: the lock is then ${state}, ${since}, and every ${missing} that was invoked by then is needed earlier.`;
  return contradicted(algorithm, text, operation, ...(last === undefined ? [] : [last]));
}
