/**
 * Registers whose values repeat: what no order makes up for, without a search. A read is wrong where nobody had begun to write its value by the time it
 * returned, and where every write of it that had begun had returned before another value was written, and that write before the read was invoked.
 */
import type { Json, Operation } from "../../core/history.ts";
import type { Decision } from "./judge.ts";
import { contradicted } from "./levels.ts";
import { invocation, orderOf, returning, timesOf } from "./order.ts";
import { told } from "./specification.ts";
import { type Name, nameOf } from "./values.ts";
import type { Ends } from "./zones-room.ts";

const algorithm = "reads of what was overwritten";

const none = -1;

/** @param initial the value before the first operation. Undefined: this alone does not decide. */
export function overwritten(operations: readonly Operation[], initial: Json, ends: Ends): Decision | undefined {
  const numbers = new Map<Name, number>([[nameOf(initial), 0]]);
  const numberOf = (value: Json | undefined): number => {
    if (value === undefined) return none;
    const name = nameOf(value);
    const number = numbers.get(name) ?? numbers.size;
    if (number === numbers.size) numbers.set(name, number);
    return number;
  };
  const at = (position: number): Operation => operations[position] as Operation;
  const found = new Int32Array(operations.length);
  const written = new Int32Array(operations.length);
  for (let position = 0; position < operations.length; position++) {
    const operation = at(position);
    found[position] = operation.outcome === "ok" ? numberOf(ends.reads(operation)) : none;
    written[position] = numberOf(ends.writes(operation));
  }
  const byInvocation = orderOf(timesOf(operations, invocation));
  const byReturn = orderOf(timesOf(operations, returning));
  const sources = lastReturns();
  const overwriters = lastInvocations();
  for (let position = 0; position < operations.length; position++) {
    if (found[position] === none) continue;
    const read = at(position);
    const source = sources[position] === none ? undefined : at(sources[position] as number);
    if (source === undefined && found[position] !== 0)
      return contradicted(algorithm, `${told(read)} found a value that nobody had begun to write.`, read);
    if (overwriters[position] === none) continue;
    const other = at(overwriters[position] as number);
    if (source !== undefined && returning(source) >= other.invokedAt) continue;
    const was = source === undefined ? "the initial value, which nobody had begun to write again" : `what ${told(source)} was the last to write`;
    const text = `${told(read)} found ${was}, and ${told(other)} had written over that before.`;
    return contradicted(algorithm, text, ...(source === undefined ? [read, other] : [read, source, other]));
  }
  return undefined;

  /** By read: of the writes of its value that were invoked by the time it returned, itself among them where it writes what it found, the one that returned last. */
  function lastReturns(): Int32Array {
    const sources = new Int32Array(operations.length).fill(none);
    const lastOf = new Int32Array(numbers.size).fill(none);
    let invoked = 0;
    for (let place = 0; place < byReturn.length; place++) {
      const read = byReturn[place] as number;
      const value = found[read] as number;
      if (value === none) continue;
      for (; invoked < byInvocation.length && at(byInvocation[invoked] as number).invokedAt <= at(read).completedAt; invoked++) {
        const write = byInvocation[invoked] as number;
        const name = written[write] as number;
        if (name === none) continue;
        const last = lastOf[name] as number;
        if (last === none || returning(at(write)) > returning(at(last))) lastOf[name] = write;
      }
      sources[read] = lastOf[value] as number;
    }
    return sources;
  }

  /** By read: of the writes of other values that had returned before it was invoked, the one that was invoked last. */
  function lastInvocations(): Int32Array {
    const overwriters = new Int32Array(operations.length).fill(none);
    // The last invoked, and the last invoked of another value than that.
    let one = none;
    let two = none;
    const isLater = (write: number, than: number): boolean => than === none || at(write).invokedAt > at(than).invokedAt;
    let returned = 0;
    for (let place = 0; place < byInvocation.length; place++) {
      const read = byInvocation[place] as number;
      if (found[read] === none) continue;
      for (; returned < byReturn.length && returning(at(byReturn[returned] as number)) < at(read).invokedAt; returned++) {
        const write = byReturn[returned] as number;
        const name = written[write] as number;
        if (name === none) continue;
        const isSame = one !== none && written[one] === name;
        if (isLater(write, one)) {
          if (!isSame) two = one;
          one = write;
        } else if (!isSame && isLater(write, two)) two = write;
      }
      overwriters[read] = one !== none && written[one] === found[read] ? two : one;
    }
    return overwriters;
  }
}
