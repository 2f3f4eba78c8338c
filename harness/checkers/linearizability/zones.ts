/**
 * Registers whose written values are all different, without a search: Gibbons and Korach, "Testing shared memories" (1997), section 4.
 *
 * All operations on one value, the write and the reads of it, must lie together. Such a block cannot come before another if one of the other's
 * operations returned before one of its own was invoked. If two blocks can come neither before nor after each other the history is not
 * linearizable; if there are no such two, sorting the blocks linearizes it. A compare-and-set from a to b ties the block of b to that of a: still
 * one block, in which the order is given.
 */
import type { Json, Operation } from "../../core/history.ts";
import type { Decision } from "./judge.ts";
import { told } from "./specification.ts";
import { type Name, nameOf } from "./values.ts";

/** What an operation does to the register; both for a compare-and-set; undefined: it cannot be said so. */
export interface Touch {
  readonly reads?: Json;
  readonly writes?: Json;
}

const algorithm = "zones (Gibbons and Korach)";
const none = -1;

/** @param initial the value before the first operation. Undefined: a value was written twice, or an operation is of another kind. */
export function zones(operations: readonly Operation[], initial: Json, touch: (operation: Operation) => Touch | undefined): Decision | undefined {
  const numbers = new Map<Name, number>([[nameOf(initial), 0]]);
  // By value: the position of the operation that wrote it (-1: the initial value), and of the compare-and-set that replaced it.
  const writer: number[] = [none];
  const reads = new Int32Array(operations.length).fill(none);
  const writes = new Int32Array(operations.length).fill(none);
  const written = [true];
  const numberOf = (value: Json): number => {
    const name = nameOf(value);
    let number = numbers.get(name);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(name, number);
      writer.push(none);
      written.push(false);
    }
    return number;
  };
  for (const [position, operation] of operations.entries()) {
    const touched = touch(operation);
    if (touched === undefined) return undefined;
    if (touched.reads !== undefined) reads[position] = numberOf(touched.reads);
    if (touched.writes === undefined) continue;
    const value = numberOf(touched.writes);
    if (written[value]) return undefined;
    written[value] = true;
    writer[value] = position;
    writes[position] = value;
  }
  const at = (position: number): Operation => operations[position] as Operation;
  const contradiction = (text: string, ...positions: number[]): Decision => ({
    algorithm,
    contradiction: { text, operations: positions.filter((position) => position !== none).map(at) },
  });

  // What is of unknown outcome happened exactly if somebody saw its value.
  const happened = new Uint8Array(operations.length);
  const seen = new Uint8Array(numbers.size);
  const due: number[] = [];
  for (let position = 0; position < operations.length; position++) if (at(position).outcome === "ok") due.push(position);
  for (let position = due.pop(); position !== undefined; position = due.pop()) {
    if (happened[position] === 1) continue;
    happened[position] = 1;
    const value = reads[position] as number;
    if (value === none || seen[value] === 1) continue;
    if (!written[value]) return contradiction(`${told(at(position))} found a value that nobody wrote.`, position);
    seen[value] = 1;
    if (writer[value] !== none) due.push(writer[value] as number);
  }

  // By value: the extremes of its reads, and who replaced it.
  const count = numbers.size;
  const readEnds = extremes(count);
  const replacedBy = new Int32Array(count).fill(none);
  for (let position = 0; position < operations.length; position++) {
    const value = reads[position] as number;
    if (value === none || happened[position] === 0) continue;
    if (writes[position] === none) widen(readEnds, value, position, at(position).invokedAt, at(position).completedAt);
    else {
      const other = replacedBy[value] as number;
      if (other !== none)
        return contradiction(`${told(at(other))} and ${told(at(position))} both replaced a value that was written once.`, other, position);
      replacedBy[value] = position;
    }
  }

  // Blocks: from each value that a plain write, or nobody, brought in, along the compare-and-sets.
  const blocks = extremes(count);
  const visited = new Uint8Array(count);
  const heads: number[] = [];
  for (let first = 0; first < count; first++) {
    const brought = writer[first] as number;
    if (brought !== none && (happened[brought] === 0 || reads[brought] !== none)) continue;
    if (brought === none && first > 0) continue;
    heads.push(first);
    if (brought === none) blocks.firstReturn[first] = Number.NEGATIVE_INFINITY;
    for (let value = first, bringer = brought; ; ) {
      visited[value] = 1;
      if (bringer !== none) {
        const { invokedAt, completedAt } = at(bringer);
        const earlier = blocks.lastInvoked[first] as number;
        if (completedAt < (blocks.lastInvocation[first] as number)) return late(bringer, earlier);
        widen(blocks, first, bringer, invokedAt, completedAt);
      }
      const reader = readEnds.firstReturned[value] as number;
      if (reader !== none) {
        const earlier = blocks.lastInvoked[first] as number;
        if ((readEnds.firstReturn[value] as number) < (blocks.lastInvocation[first] as number)) return late(reader, earlier);
        widen(blocks, first, reader, Number.NEGATIVE_INFINITY, readEnds.firstReturn[value] as number);
        widen(blocks, first, readEnds.lastInvoked[value] as number, readEnds.lastInvocation[value] as number, Number.POSITIVE_INFINITY);
      }
      bringer = replacedBy[value] as number;
      if (bringer === none) break;
      value = writes[bringer] as number;
    }
  }
  function late(later: number, earlier: number): Decision {
    return contradiction(`${told(at(later))} builds on what ${told(at(earlier))} left or saw, and returned before that was invoked.`, later, earlier);
  }
  for (let value = 0; value < count; value++) {
    const bringer = writer[value] as number;
    if (visited[value] === 0 && bringer !== none && happened[bringer] === 1)
      return contradiction(
        `${told(at(bringer))} needs a value that only its own successors wrote.`,
        bringer,
        writer[reads[bringer] as number] as number,
      );
  }

  const { firstReturn, lastInvocation, firstReturned, lastInvoked } = blocks;
  const clash = (a: number, b: number): Decision => {
    const block = (head: number): number[] => [firstReturned[head] as number, lastInvoked[head] as number];
    const [aReturned, aInvoked] = block(a) as [number, number];
    const [bReturned, bInvoked] = block(b) as [number, number];
    const began = aReturned === none ? "the initial value was there at first, before" : `${told(at(aReturned))} returned before`;
    return contradiction(
      `two values would each have to come before the other, and each was written once: ${began} ${told(at(bInvoked))} was invoked, and ${told(at(bReturned))} returned before ${told(at(aInvoked))} was invoked.`,
      ...[aReturned, bInvoked, bReturned, aInvoked].filter((position, i, all) => all.indexOf(position) === i),
    );
  };
  const after = (a: number, b: number): number => (firstReturn[a] as number) - (firstReturn[b] as number) || 0;
  const forward = heads.filter((head) => (firstReturn[head] as number) < (lastInvocation[head] as number)).sort(after);
  for (let i = 1; i < forward.length; i++) {
    const [a, b] = [forward[i - 1] as number, forward[i] as number];
    if ((firstReturn[b] as number) < (lastInvocation[a] as number)) return clash(a, b);
  }
  for (const head of heads) {
    if ((firstReturn[head] as number) < (lastInvocation[head] as number)) continue;
    let low = 0;
    for (let high = forward.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((firstReturn[forward[middle] as number] as number) < (lastInvocation[head] as number)) low = middle + 1;
      else high = middle;
    }
    const around = forward[low - 1];
    if (around !== undefined && (lastInvocation[around] as number) > (firstReturn[head] as number)) return clash(around, head);
  }
  return { algorithm };
}

/** By block: the time and operation of its first return and last invocation. */
function extremes(count: number) {
  return {
    firstReturn: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    lastInvocation: new Float64Array(count).fill(Number.NEGATIVE_INFINITY),
    firstReturned: new Int32Array(count).fill(none),
    lastInvoked: new Int32Array(count).fill(none),
  };
}

function widen(ends: ReturnType<typeof extremes>, block: number, position: number, invokedAt: number, completedAt: number): void {
  if (completedAt < (ends.firstReturn[block] as number)) {
    ends.firstReturn[block] = completedAt;
    ends.firstReturned[block] = position;
  }
  if (invokedAt > (ends.lastInvocation[block] as number)) {
    ends.lastInvocation[block] = invokedAt;
    ends.lastInvoked[block] = position;
  }
}
