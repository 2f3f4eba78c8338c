/** What a search takes, counted as it is taken: everything that grows with it lies in typed arrays, whose size is known. */
export interface Memory {
  /** @throws outOfMemory where the limit does not allow so many bytes more */
  take(bytes: number): void;
  giveBack(bytes: number): void;
  readonly taken: () => number;
}

/** Thrown where the memory limit is met; the verdict is unknown then. */
export const outOfMemory = new Error("The memory limit is met.");

export function memoryOf(limitBytes: number): Memory {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > limitBytes) throw outOfMemory;
      taken += bytes;
    },
    giveBack(bytes) {
      taken -= bytes;
    },
    taken: () => taken,
  };
}

/**
 * Twice as long; for a moment both are there.
 * @throws outOfMemory
 */
export function grown(words: Int32Array<ArrayBuffer>, memory: Memory): Int32Array<ArrayBuffer> {
  memory.take(8 * words.length);
  const longer = new Int32Array(2 * words.length);
  longer.set(words);
  memory.giveBack(4 * words.length);
  return longer;
}
