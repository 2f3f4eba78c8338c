/**
 * The states of a search as numbers. A search may meet millions of them, so they are kept as the words of their names in typed arrays, and made again from
 * those when they are needed; the last ones are kept as they are.
 */
import type { Memory } from "./memory.ts";
import { sequences } from "./sequences.ts";
import type { Specification } from "./specification.ts";

export interface States<State> {
  /** @throws outOfMemory */
  numberOf(state: State): number;
  at(number: number): State;
}

/** States that are kept as they are: a search stays near where it is. More of them would live long enough to burden the collector. */
const keptCount = 16;

/** What the first word of a name says: how many letters follow, or that it is a number. */
const isNumber = -1;

/** @throws outOfMemory */
export function statesOf<State>({ identify, revive }: Specification<State>, memory: Memory): States<State> {
  const names = sequences(memory);
  const keptNumbers = new Int32Array(keptCount).fill(-1);
  const kept: State[] = [];
  let words = new Int32Array(16);
  const letters = new Uint16Array(1024);
  const double = new Float64Array(1);
  const halves = new Int32Array(double.buffer);

  const write = (name: string | number): number => {
    if (typeof name === "number") {
      // Zero and minus zero are one state.
      double[0] = name + 0;
      words[0] = isNumber;
      words.set(halves, 1);
      return 3;
    }
    // Two letters a word.
    const length = 1 + ((name.length + 1) >> 1);
    if (length > words.length) words = new Int32Array(2 * length);
    words[0] = name.length;
    for (let i = 0; i < name.length; i += 2) words[1 + (i >> 1)] = name.charCodeAt(i) | (name.charCodeAt(i + 1) << 16);
    return length;
  };
  const read = (number: number): string | number => {
    const length = names.word(number, 0);
    if (length === isNumber) {
      halves[0] = names.word(number, 1);
      halves[1] = names.word(number, 2);
      return double[0] as number;
    }
    let text = "";
    for (let from = 0; from < length; from += letters.length) {
      const to = Math.min(length, from + letters.length);
      for (let i = from; i < to; i++) letters[i - from] = names.word(number, 1 + (i >> 1)) >>> (16 * (i & 1));
      text += String.fromCharCode(...letters.subarray(0, to - from));
    }
    return text;
  };
  const keep = (number: number, state: State): void => {
    keptNumbers[number % keptCount] = number;
    kept[number % keptCount] = state;
  };
  return {
    numberOf(state) {
      const name = identify(state);
      const before = names.count();
      const length = write(name);
      const number = names.add(words, length);
      if (number === before) keep(number, state);
      return number;
    },
    at(number) {
      if (keptNumbers[number % keptCount] !== number) keep(number, revive(read(number)));
      return kept[number % keptCount] as State;
    },
  };
}
