/**
 * Registers whose values repeat: what no order makes up for, without a search. A read is wrong where nobody had begun to write its value by the time it
 * returned, and where every write of it that had begun had returned before another value was written, and that write before the read was invoked.
 */
import type { Json, Operation } from "../../core/history.ts";
import type { Decision } from "./judge.ts";
import { contradicted } from "./levels.ts";
import { told } from "./specification.ts";
import { type Name, nameOf } from "./values.ts";
import type { Ends } from "./zones.ts";

const algorithm = "reads of what was overwritten";

interface Write {
  readonly operation: Operation;
  readonly name: Name;
}

/** @param initial the value before the first operation. Undefined: this alone does not decide. */
export function overwritten(operations: readonly Operation[], initial: Json, ends: Ends): Decision | undefined {
  const writes = operations.flatMap((operation): Write[] => {
    const value = ends.writes(operation);
    return value === undefined ? [] : [{ operation, name: nameOf(value) }];
  });
  const lastOf = lastReturns(writes);
  const before = lastInvocations(writes);
  const first = nameOf(initial);
  for (const read of operations) {
    const value = read.outcome === "ok" ? ends.reads(read) : undefined;
    if (value === undefined) continue;
    const name = nameOf(value);
    const source = lastOf(name, read);
    if (source === undefined && name !== first) return contradicted(algorithm, `${told(read)} found a value that nobody had begun to write.`, read);
    const other = before(read.invokedAt, name);
    if (other === undefined || (source !== undefined && source.completedAt >= other.invokedAt)) continue;
    const was = source === undefined ? "the initial value, which nobody had begun to write again" : `what ${told(source)} was the last to write`;
    const text = `${told(read)} found ${was}, and ${told(other)} had written over that before.`;
    return contradicted(algorithm, text, ...(source === undefined ? [read, other] : [read, source, other]));
  }
  return undefined;
}

/** Of the writes of a value that were invoked by the time the read returned, the read itself among them where it writes what it found: the one that returned last. */
function lastReturns(writes: readonly Write[]): (name: Name, read: Operation) => Operation | undefined {
  const byName = new Map<Name, { readonly all: Operation[]; readonly last: Operation[] }>();
  for (const { operation, name } of writes.toSorted((a, b) => a.operation.invokedAt - b.operation.invokedAt)) {
    const same = byName.get(name) ?? { all: [], last: [] };
    byName.set(name, same);
    const last = same.last.at(-1);
    same.all.push(operation);
    same.last.push(last !== undefined && last.completedAt >= operation.completedAt ? last : operation);
  }
  return (name, read) => {
    const { all, last } = byName.get(name) ?? { all: [], last: [] };
    return last[countWhere(all.length, (i) => (all[i] as Operation).invokedAt <= read.completedAt) - 1];
  };
}

/** Of the writes of other values that had returned before a time: the one that was invoked last. */
function lastInvocations(writes: readonly Write[]): (time: number, not: Name) => Operation | undefined {
  const returned = writes.filter(({ operation }) => operation.outcome === "ok").sort((a, b) => a.operation.completedAt - b.operation.completedAt);
  // Of those up to each: the last invoked, and the last invoked of another value than that.
  const best: (readonly [Write, Write | undefined])[] = [];
  for (const write of returned) {
    const [one, two] = best.at(-1) ?? [];
    const isLater = (than: Write | undefined): boolean => than === undefined || write.operation.invokedAt > than.operation.invokedAt;
    if (one === undefined || isLater(one)) best.push([write, one === undefined || one.name === write.name ? two : one]);
    else best.push([one, write.name !== one.name && isLater(two) ? write : two]);
  }
  return (time, not) => {
    const [one, two] = best[countWhere(returned.length, (i) => (returned[i] as Write).operation.completedAt < time) - 1] ?? [];
    return (one?.name === not ? two : one)?.operation;
  };
}

/** How many of the first ones are so, where none is after one that is not. */
function countWhere(length: number, is: (i: number) => boolean): number {
  let low = 0;
  for (let high = length; low < high; ) {
    const middle = (low + high) >> 1;
    if (is(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
