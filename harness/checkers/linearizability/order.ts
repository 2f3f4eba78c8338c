import type { Operation } from "../../core/history.ts";

/**
 * Positions of the times in their order, equal ones as they stand. A merge sort, since sorting by a function is what a search of few operations would
 * wait for; only what overlaps is moved, since recorders write nearly in order.
 */
export function orderOf(times: Float64Array): Int32Array {
  const order = new Int32Array(times.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  const moved = new Int32Array(order.length);
  const at = (i: number): number => times[order[i] as number] as number;
  for (let width = 1; width < order.length; width *= 2) {
    for (let middle = width; middle < order.length; middle += 2 * width) {
      const end = Math.min(middle + width, order.length);
      let to = middle;
      while (to > middle - width && at(to - 1) > at(middle)) to--;
      let count = 0;
      for (let i = to; i < middle; i++) moved[count++] = order[i] as number;
      for (let a = 0, b = middle; a < count; to++) {
        const first = moved[a] as number;
        if (b < end && at(b) < (times[first] as number)) order[to] = order[b++] as number;
        else {
          order[to] = first;
          a++;
        }
      }
    }
  }
  return order;
}

/** A time of each operation. A loop, because `from` of typed arrays takes longer than the whole search of a short history. */
export function timesOf(operations: readonly Operation[], timeOf: (operation: Operation) => number): Float64Array {
  const times = new Float64Array(operations.length);
  for (let i = 0; i < times.length; i++) times[i] = timeOf(operations[i] as Operation);
  return times;
}

export const invocation = ({ invokedAt }: Operation): number => invokedAt;
/** When it returned: never, where its outcome is unknown. */
export const returning = ({ outcome, completedAt }: Operation): number => (outcome === "ok" ? completedAt : Number.POSITIVE_INFINITY);
