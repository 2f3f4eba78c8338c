/** Values as numbers 0, 1, 2, ... in the order in which they were met: equal exactly where the values are equal. */
import type { Json } from "../../core/history.ts";
import { nameOf } from "./values.ts";

export interface Numbering {
  /** The number of the value, which is the count of all before it if it is new. */
  numberOf(value: Json): number;
  /** The number of the value, or -1 if it was not met. */
  find(value: Json): number;
  readonly count: () => number;
  /** Forgets all values, and keeps the room for them. */
  clear(): void;
}

const spread = 0x9e3779b1;

/** Whole numbers, of which most histories are made, in a table of their own: a map per key, or a name per value, would take longer than judging. */
export function numbering(): Numbering {
  let mask = 63;
  let keys = new Int32Array(mask + 1);
  let numbers = new Int32Array(mask + 1);
  // A slot is taken where it has the stamp of the present round.
  let stamps = new Int32Array(mask + 1);
  let stamp = 1;
  let wholeCount = 0;
  let count = 0;
  const texts = new Map<string, number>();
  const others = new Map<string | number, number>();

  const slotOf = (key: number): number => {
    let slot = Math.imul(key, spread);
    slot = (slot ^ (slot >>> 15)) & mask;
    while (stamps[slot] === stamp && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = (): void => {
    const [oldKeys, oldNumbers, oldStamps] = [keys, numbers, stamps];
    mask = 2 * mask + 1;
    keys = new Int32Array(mask + 1);
    numbers = new Int32Array(mask + 1);
    stamps = new Int32Array(mask + 1);
    for (let old = 0; old < oldKeys.length; old++) {
      if (oldStamps[old] !== stamp) continue;
      const slot = slotOf(oldKeys[old] as number);
      keys[slot] = oldKeys[old] as number;
      numbers[slot] = oldNumbers[old] as number;
      stamps[slot] = stamp;
    }
  };
  const whole = (key: number): number => {
    const slot = slotOf(key);
    if (stamps[slot] === stamp) return numbers[slot] as number;
    keys[slot] = key;
    numbers[slot] = count;
    stamps[slot] = stamp;
    wholeCount++;
    if (2 * wholeCount > mask) grow();
    return count++;
  };
  const inMap = <Key>(map: Map<Key, number>, key: Key): number => {
    const known = map.get(key);
    if (known !== undefined) return known;
    map.set(key, count);
    return count++;
  };
  return {
    numberOf(value) {
      if (typeof value === "number" && (value | 0) === value) return whole(value | 0);
      return typeof value === "string" ? inMap(texts, value) : inMap(others, nameOf(value));
    },
    find(value) {
      if (typeof value === "number" && (value | 0) === value) {
        const slot = slotOf(value | 0);
        return stamps[slot] === stamp ? (numbers[slot] as number) : -1;
      }
      return (typeof value === "string" ? texts.get(value) : others.get(nameOf(value))) ?? -1;
    },
    count: () => count,
    clear() {
      stamp++;
      count = 0;
      wholeCount = 0;
      if (texts.size > 0) texts.clear();
      if (others.size > 0) others.clear();
    },
  };
}
