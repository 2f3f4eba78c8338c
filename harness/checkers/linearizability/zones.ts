/**
 * Registers whose written values are all different, without a search: Gibbons and Korach, "Testing shared memories" (1997), section 4.
 *
 * All operations on one value, the write and the reads of it, must lie together. Such a block cannot come before another if one of the other's
 * operations returned before one of its own was invoked. If two blocks can come neither before nor after each other the history is not
 * linearizable; if there are no such two, sorting the blocks linearizes it. A compare-and-set from a to b ties the block of b to that of a: still
 * one block, in which the order is given.
 *
 * Each step is a function of its own, because the compiler at run time takes a function whole: with all loops in one, it would compile all of them
 * again for each.
 */
import type { Json, Operation } from "../../core/history.ts";
import type { Groups } from "./groups.ts";
import type { Decision, Sweep } from "./judge.ts";
import { type Numbering, numbering } from "./numbering.ts";
import { told } from "./specification.ts";
import { type Calls, type Columns, columnsOf, type Ends, type Extremes, none, roomForValues, type Values, widen } from "./zones-room.ts";

/** What no order can place: told of the operations at these positions. */
interface Contradiction {
  readonly text: (...at: readonly string[]) => string;
  readonly positions: readonly number[];
}

const algorithm = "zones (Gibbons and Korach)";
/** The initial value's number; nobody wrote it. */
const initially = 0;

/**
 * Decides the keys of which no value was written twice.
 * @param initialOf the value before the first operation, from the user's
 */
export function zones(ends: Ends, initialOf: (given: Json | undefined) => Json): Sweep {
  return {
    begin(groups, given) {
      const columns = columnsOf(groups, ends);
      const numbers = numbering();
      const initial = initialOf(given);
      return (key) => decide(groups, key, columns.ofKey(groups.starts[key] as number, groups.starts[key + 1] as number), columns, numbers, initial);
    },
  };
}

function decide(groups: Groups, key: number, calls: Calls, columns: Columns, numbers: Numbering, initial: Json): Decision | undefined {
  // By value: the operation that wrote it.
  const writer = writersOf(calls, columns, numbers, initial);
  if (writer === undefined) return undefined;
  const values = roomForValues(writer.length);
  const contradiction =
    whatHappened(calls, writer, values) ??
    findReplacements(calls, values) ??
    findBlocks(calls, writer, values) ??
    unfounded(calls, writer, values) ??
    clashing(values);
  if (contradiction === undefined) return { algorithm };
  const operations = groups.operations(key);
  const { text, positions } = contradiction;
  const shown = positions.map((position) => (position === none ? undefined : (operations[position - calls.from] as Operation)));
  const known = shown.filter((operation) => operation !== undefined);
  return {
    algorithm,
    contradiction: {
      text: text(...shown.map((operation) => (operation === undefined ? "" : told(operation)))),
      operations: known.filter((operation, i) => known.indexOf(operation) === i),
    },
  };
}

/** Numbers the values. Undefined: one was written twice. */
function writersOf({ from, to, reads, writes, isOther }: Calls, { found, left }: Columns, numbers: Numbering, initial: Json): number[] | undefined {
  numbers.clear();
  numbers.numberOf(initial);
  const writer: number[] = [none];
  for (let position = from; position < to; position++) {
    if (isOther[position] === 1) return undefined;
    const read = found[position];
    const after = left[position];
    const value = read === undefined ? none : numbers.numberOf(read);
    reads[position] = value;
    if (value === writer.length) writer.push(none);
    writes[position] = none;
    if (after === undefined) continue;
    const written = numbers.numberOf(after);
    if (written === writer.length) writer.push(none);
    if (written === initially || writer[written] !== none) return undefined;
    writer[written] = position;
    writes[position] = written;
  }
  return writer;
}

/** What is of unknown outcome happened exactly if somebody saw its value. */
function whatHappened({ from, to, reads, answered, happened }: Calls, writer: readonly number[], { seen }: Values): Contradiction | undefined {
  const due: number[] = [];
  for (let first = from; first < to; first++) {
    if (answered[first] === 1) due.push(first);
    for (let position = due.pop(); position !== undefined; position = due.pop()) {
      if (happened[position] === 1) continue;
      happened[position] = 1;
      const value = reads[position] as number;
      if (value === none || seen[value] === 1) continue;
      seen[value] = 1;
      const source = writer[value] as number;
      if (source !== none) due.push(source);
      else if (value !== initially) return { text: (reader) => `${reader} found a value that nobody wrote.`, positions: [position] };
    }
  }
  return undefined;
}

/** By value: the extremes of its reads, and who replaced it. */
function findReplacements({ from, to, reads, writes, happened, invokedAt, completedAt }: Calls, values: Values): Contradiction | undefined {
  const { replacedBy, readEnds } = values;
  for (let position = from; position < to; position++) {
    const value = reads[position] as number;
    if (value === none || happened[position] === 0) continue;
    if (writes[position] === none) {
      widen(readEnds, value, position, invokedAt[position] as number, completedAt[position] as number);
      continue;
    }
    const other = replacedBy[value] as number;
    if (other !== none) return { text: (one, two) => `${one} and ${two} both replaced a value that was written once.`, positions: [other, position] };
    replacedBy[value] = position;
  }
  return undefined;
}

/** Blocks: from each value that a plain write, or nobody, brought in, along the compare-and-sets. */
function findBlocks(calls: Calls, writer: readonly number[], values: Values): Contradiction | undefined {
  const { heads, blocks } = values;
  for (let first = 0; first < values.count; first++) {
    const bringer = writer[first] as number;
    if (bringer === none ? first !== initially : calls.happened[bringer] === 0 || calls.reads[bringer] !== none) continue;
    heads.push(first);
    if (bringer === none) blocks.firstReturn[first] = Number.NEGATIVE_INFINITY;
    const late = followBlock(first, bringer, calls, values);
    if (late !== undefined) return late;
  }
  return undefined;
}

function followBlock(first: number, broughtBy: number, { writes, invokedAt, completedAt }: Calls, values: Values): Contradiction | undefined {
  const { visited, replacedBy, blocks, readEnds } = values;
  for (let value = first, bringer = broughtBy; ; ) {
    visited[value] = 1;
    if (bringer !== none) {
      if ((completedAt[bringer] as number) < (blocks.lastInvocation[first] as number)) return late(bringer, blocks.lastInvoked[first] as number);
      widen(blocks, first, bringer, invokedAt[bringer] as number, completedAt[bringer] as number);
    }
    const reader = readEnds.firstReturned[value] as number;
    if (reader !== none) {
      const returned = readEnds.firstReturn[value] as number;
      if (returned < (blocks.lastInvocation[first] as number)) return late(reader, blocks.lastInvoked[first] as number);
      widen(blocks, first, reader, Number.NEGATIVE_INFINITY, returned);
      widen(blocks, first, readEnds.lastInvoked[value] as number, readEnds.lastInvocation[value] as number, Number.POSITIVE_INFINITY);
    }
    bringer = replacedBy[value] as number;
    if (bringer === none) return undefined;
    value = writes[bringer] as number;
  }
}

const late = (later: number, earlier: number): Contradiction => ({
  text: (one, other) => `${one} builds on what ${other} left or saw, and returned before that was invoked.`,
  positions: [later, earlier],
});

/** A value that no chain of compare-and-sets leads to. */
function unfounded({ reads, happened }: Calls, writer: readonly number[], { count, visited }: Values): Contradiction | undefined {
  for (let value = 0; value < count; value++) {
    const bringer = writer[value] as number;
    if (visited[value] === 1 || bringer === none || happened[bringer] === 0) continue;
    const before = writer[reads[bringer] as number] as number;
    return { text: (one) => `${one} needs a value that only its own successors wrote.`, positions: [bringer, before] };
  }
  return undefined;
}

/** Two blocks of which neither can come before the other. */
function clashing({ heads, blocks }: Values): Contradiction | undefined {
  const forward = forwardBlocks(heads, blocks);
  return overlapping(forward, blocks) ?? within(forward, heads, blocks);
}

/** Those that have to last for some time, by when they begin. */
function forwardBlocks(heads: readonly number[], { firstReturn, lastInvocation }: Extremes): readonly number[] {
  const forward: number[] = [];
  for (const head of heads) if ((firstReturn[head] as number) < (lastInvocation[head] as number)) forward.push(head);
  return forward.sort((a, b) => (firstReturn[a] as number) - (firstReturn[b] as number) || 0);
}

function overlapping(forward: readonly number[], blocks: Extremes): Contradiction | undefined {
  const { firstReturn, lastInvocation } = blocks;
  for (let i = 1; i < forward.length; i++) {
    const a = forward[i - 1] as number;
    const b = forward[i] as number;
    if ((firstReturn[b] as number) < (lastInvocation[a] as number)) return clash(a, b, blocks);
  }
  return undefined;
}

/** One that needs only a moment, and has none outside of one that lasts. */
function within(forward: readonly number[], heads: readonly number[], blocks: Extremes): Contradiction | undefined {
  const { firstReturn, lastInvocation } = blocks;
  if (forward.length === 0) return undefined;
  for (let i = 0; i < heads.length; i++) {
    const head = heads[i] as number;
    const until = lastInvocation[head] as number;
    if ((firstReturn[head] as number) < until) continue;
    let low = 0;
    for (let high = forward.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((firstReturn[forward[middle] as number] as number) < until) low = middle + 1;
      else high = middle;
    }
    const around = low === 0 ? none : (forward[low - 1] as number);
    if (around !== none && (lastInvocation[around] as number) > (firstReturn[head] as number)) return clash(around, head, blocks);
  }
  return undefined;
}

function clash(a: number, b: number, { firstReturned, lastInvoked }: Extremes): Contradiction {
  const of = (head: number): readonly [number, number] => [firstReturned[head] as number, lastInvoked[head] as number];
  return {
    text(aReturned, bInvoked, bReturned, aInvoked) {
      const began = aReturned === "" ? "the initial value was there at first, before" : `${aReturned} returned before`;
      return `two values would each have to come before the other, and each was written once: ${began} ${bInvoked} was invoked, and ${bReturned} returned before ${aInvoked} was invoked.`;
    },
    positions: [of(a)[0], of(b)[1], of(b)[0], of(a)[1]],
  };
}
