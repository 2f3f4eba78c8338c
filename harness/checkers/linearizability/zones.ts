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

/** What an operation does to the register; both for a compare-and-set. */
export interface Ends {
  /** The value that it found; undefined: it says nothing of that. */
  reads(operation: Operation): Json | undefined;
  /** The value that it left; undefined: none. */
  writes(operation: Operation): Json | undefined;
}

const algorithm = "zones (Gibbons and Korach)";
const none = -1;

/** @param initial the value before the first operation. Undefined: a value was written twice. */
export function zones(operations: readonly Operation[], initial: Json, ends: Ends): Decision | undefined {
  const numbers = new Map<Name, number>([[nameOf(initial), 0]]);
  // By value: the position of the operation that wrote it (-1: the initial value), and of the compare-and-set that replaced it.
  const writer: number[] = [none];
  const { reads, writes, happened } = roomOf(operations.length);
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
  for (let position = 0; position < operations.length; position++) {
    const operation = operations[position] as Operation;
    const read = ends.reads(operation);
    const left = ends.writes(operation);
    if (read !== undefined) reads[position] = numberOf(read);
    if (left === undefined) continue;
    const value = numberOf(left);
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
  const count = numbers.size;
  const { seen, replacedBy, visited, readEnds, blocks } = roomForValues(count);
  const due: number[] = [];
  for (let first = 0; first < operations.length; first++) {
    if (at(first).outcome === "ok") due.push(first);
    for (let position = due.pop(); position !== undefined; position = due.pop()) {
      if (happened[position] === 1) continue;
      happened[position] = 1;
      const value = reads[position] as number;
      if (value === none || seen[value] === 1) continue;
      if (!written[value]) return contradiction(`${told(at(position))} found a value that nobody wrote.`, position);
      seen[value] = 1;
      if (writer[value] !== none) due.push(writer[value] as number);
    }
  }

  // By value: the extremes of its reads, and who replaced it.
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
  for (let i = 0; i < heads.length; i++) {
    const head = heads[i] as number;
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

// The arrays are used again for the next key: of a thousand small keys, making them would take longer than judging.
let room = newRoom(0);
let valueRoom = newValueRoom(0);

function newRoom(count: number) {
  return { count, reads: new Int32Array(count), writes: new Int32Array(count), happened: new Uint8Array(count) };
}

function roomOf(count: number): typeof room {
  if (count > room.count) room = newRoom(count);
  room.reads.fill(none, 0, count);
  room.writes.fill(none, 0, count);
  room.happened.fill(0, 0, count);
  return room;
}

function newValueRoom(count: number) {
  return {
    ...{ count, seen: new Uint8Array(count), visited: new Uint8Array(count), replacedBy: new Int32Array(count) },
    ...{ readEnds: newExtremes(count), blocks: newExtremes(count) },
  };
}

function roomForValues(count: number): typeof valueRoom {
  if (count > valueRoom.count) valueRoom = newValueRoom(count);
  const { seen, visited, replacedBy, readEnds, blocks } = valueRoom;
  seen.fill(0, 0, count);
  visited.fill(0, 0, count);
  replacedBy.fill(none, 0, count);
  for (const { firstReturn, lastInvocation, firstReturned, lastInvoked } of [readEnds, blocks]) {
    firstReturn.fill(Number.POSITIVE_INFINITY, 0, count);
    lastInvocation.fill(Number.NEGATIVE_INFINITY, 0, count);
    firstReturned.fill(none, 0, count);
    lastInvoked.fill(none, 0, count);
  }
  return valueRoom;
}

/** By block: the time and operation of its first return and last invocation. */
function newExtremes(count: number) {
  return {
    firstReturn: new Float64Array(count),
    lastInvocation: new Float64Array(count),
    firstReturned: new Int32Array(count),
    lastInvoked: new Int32Array(count),
  };
}

function widen(ends: ReturnType<typeof newExtremes>, block: number, position: number, invokedAt: number, completedAt: number): void {
  if (completedAt < (ends.firstReturn[block] as number)) {
    ends.firstReturn[block] = completedAt;
    ends.firstReturned[block] = position;
  }
  if (invokedAt > (ends.lastInvocation[block] as number)) {
    ends.lastInvocation[block] = invokedAt;
    ends.lastInvoked[block] = position;
  }
}
