/**
 * Sequences of words, numbered in the order of their arrival: configurations, states and rows of states of a search. They are compared word by word, so that
 * no collision of hashes decides anything, and take the bytes that they are counted with.
 */
import { grown, type Memory } from "./memory.ts";

export interface Sequences {
  /**
   * Adds the sequence in the first `length` words of `key`, of which the first alone says how long it is.
   * @returns its number, which is the count of all before it if it was new
   * @throws outOfMemory
   */
  add(key: Int32Array, length: number): number;
  /** The word at place `i` of the sequence with this number. */
  word(number: number, i: number): number;
  readonly count: () => number;
}

const pageBits = 18;
const pageWords = 1 << pageBits;
const firstPageWords = 1 << 8;
/** Addresses are 31 bits. */
const pagesAtMost = 1 << (31 - pageBits);

export function sequences(memory: Memory): Sequences {
  // Open addressing, two words a slot: the number of a sequence plus one, or 0; its hash beside it saves most comparisons.
  let capacity = 1 << 6;
  let slots = new Int32Array(2 * capacity);
  let addresses = new Int32Array(capacity);
  let count = 0;
  // Sequences never straddle pages. Pages grow up to a mebibyte, so that small histories stay small and large ones waste little.
  const pages: Int32Array[] = [new Int32Array(firstPageWords)];
  let page = pages[0] as Int32Array;
  let used = 0;
  memory.take(12 * capacity + 4 * firstPageWords);

  const grow = (): void => {
    memory.take(16 * capacity);
    const longer = new Int32Array(4 * capacity);
    const mask = longer.length - 2;
    for (let old = 0; old < slots.length; old += 2) {
      if (slots[old] === 0) continue;
      const hash = slots[old + 1] as number;
      let slot = (hash << 1) & mask;
      while (longer[slot] !== 0) slot = (slot + 2) & mask;
      longer[slot] = slots[old] as number;
      longer[slot + 1] = hash;
    }
    memory.giveBack(8 * capacity);
    capacity *= 2;
    slots = longer;
  };
  const turnPage = (length: number): void => {
    const words = Math.max(length, Math.min(pageWords, page.length * 4));
    // Too long to be addressed: no memory suffices.
    memory.take(words > pageWords || pages.length >= pagesAtMost ? Number.POSITIVE_INFINITY : 4 * words);
    page = new Int32Array(words);
    pages.push(page);
    used = 0;
  };

  return {
    add(key, length) {
      let hash = length;
      for (let i = 0; i < length; i++) {
        hash = Math.imul(hash ^ (key[i] as number), 0xc2b2ae35);
        hash ^= hash >>> 15;
      }
      const mask = slots.length - 2;
      let slot = (hash << 1) & mask;
      for (;;) {
        const number = slots[slot] as number;
        if (number === 0) break;
        if (slots[slot + 1] === hash) {
          const address = addresses[number - 1] as number;
          const words = pages[address >>> pageBits] as Int32Array;
          const first = address & (pageWords - 1);
          let i = 0;
          while (i < length && words[first + i] === key[i]) i++;
          if (i === length) return number - 1;
        }
        slot = (slot + 2) & mask;
      }
      if (used + length > page.length) turnPage(length);
      for (let i = 0; i < length; i++) page[used + i] = key[i] as number;
      if (count === addresses.length) addresses = grown(addresses, memory);
      addresses[count] = ((pages.length - 1) << pageBits) | used;
      used += length;
      slots[slot] = ++count;
      slots[slot + 1] = hash;
      if (count * 3 > capacity * 2) grow();
      return count - 1;
    },
    word(number, i) {
      const address = addresses[number] as number;
      return (pages[address >>> pageBits] as Int32Array)[(address & (pageWords - 1)) + i] as number;
    },
    count: () => count,
  };
}
