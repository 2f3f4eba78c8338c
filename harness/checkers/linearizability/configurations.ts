/** The set of configurations that were tried: (linearized operations, state), compared word by word, so that no collision of hashes decides anything. */
export interface Configurations {
  /**
   * Adds the configuration in the first `length` words of `key`, of which the first alone says how long it is.
   * Answers 1 if it was new, 0 if it was there, -1 if the memory does not suffice.
   */
  add(key: Int32Array, length: number): number;
  readonly count: () => number;
  readonly bytes: () => number;
}

const pageBits = 18;
const pageWords = 1 << pageBits;
const firstPageWords = 1 << 10;

/** @param allows whether so many more bytes may be taken */
export function configurations(allows: (bytes: number) => boolean): Configurations {
  // Open addressing: the address of an entry plus one, or 0; its hash beside it saves most comparisons.
  let capacity = 1 << 10;
  let addresses = new Int32Array(capacity);
  let hashes = new Int32Array(capacity);
  let count = 0;
  // Entries never straddle pages. Pages grow up to a mebibyte, so that small histories stay small and large ones waste little.
  const pages: Int32Array[] = [new Int32Array(firstPageWords)];
  let page = pages[0] as Int32Array;
  let used = 0;
  let bytes = 8 * capacity + 4 * firstPageWords;

  const grow = (): boolean => {
    if (!allows(16 * capacity)) return false;
    const mask = 2 * capacity - 1;
    const newAddresses = new Int32Array(2 * capacity);
    const newHashes = new Int32Array(2 * capacity);
    for (let old = 0; old < capacity; old++) {
      const address = addresses[old] as number;
      if (address === 0) continue;
      let slot = (hashes[old] as number) & mask;
      while (newAddresses[slot] !== 0) slot = (slot + 1) & mask;
      newAddresses[slot] = address;
      newHashes[slot] = hashes[old] as number;
    }
    bytes += 8 * capacity;
    capacity *= 2;
    addresses = newAddresses;
    hashes = newHashes;
    return true;
  };
  const turnPage = (length: number): boolean => {
    const words = Math.max(length, Math.min(pageWords, page.length * 4));
    // Addresses are 31 bits.
    if (words > pageWords || pages.length >= 1 << (31 - pageBits) || !allows(4 * words)) return false;
    page = new Int32Array(words);
    pages.push(page);
    used = 0;
    bytes += 4 * words;
    return true;
  };

  return {
    add(key, length) {
      let hash = length;
      for (let i = 0; i < length; i++) {
        hash = Math.imul(hash ^ (key[i] as number), 0xc2b2ae35);
        hash ^= hash >>> 15;
      }
      let slot = hash & (capacity - 1);
      for (;;) {
        const address = addresses[slot] as number;
        if (address === 0) break;
        if (hashes[slot] === hash) {
          const entries = pages[(address - 1) >>> pageBits] as Int32Array;
          const entry = (address - 1) & (pageWords - 1);
          let i = 0;
          while (i < length && entries[entry + i] === key[i]) i++;
          if (i === length) return 0;
        }
        slot = (slot + 1) & (capacity - 1);
      }
      if (used + length > page.length && !turnPage(length)) return -1;
      for (let i = 0; i < length; i++) page[used + i] = key[i] as number;
      addresses[slot] = (((pages.length - 1) << pageBits) | used) + 1;
      hashes[slot] = hash;
      used += length;
      count++;
      if (count * 3 > capacity * 2 && !grow()) return -1;
      return 1;
    },
    count: () => count,
    bytes: () => bytes,
  };
}
