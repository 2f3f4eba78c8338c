/** The places in which an instance executes runs: never more at once. Who finds none free waits its turn. */

export interface Slots {
  /** Resolves when the caller has a slot; disposing gives it back. Rejects with the signal's reason, or with that of `close`, if either comes before the slot. */
  take(signal: AbortSignal): Promise<Disposable>;
  /** Nobody gets a slot any more: who waits, and who comes, is told why. */
  close(reason: Error): void;
}

/** `count` slots, all free (LG-4). */
export function openSlots(count: number): Slots {
  const closed = new AbortController();
  const waiting: PromiseWithResolvers<Disposable>[] = [];
  let free = count;
  // Nobody waits while one is free: a slot that is given back goes to the next in line.
  const slot = (): Disposable => ({
    [Symbol.dispose]() {
      const next = waiting.shift();
      if (next) next.resolve(slot());
      else free += 1;
    },
  });
  return {
    async take(signal) {
      closed.signal.throwIfAborted();
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return slot();
      }
      const turn = Promise.withResolvers<Disposable>();
      waiting.push(turn);
      const leave = (): void => {
        const place = waiting.indexOf(turn);
        // Otherwise it has a slot already, which its caller gives back.
        if (place >= 0) waiting.splice(place, 1)[0]?.reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      try {
        return await turn.promise;
      } finally {
        signal.removeEventListener("abort", leave);
      }
    },
    close(reason) {
      closed.abort(reason);
      for (const turn of waiting.splice(0)) turn.reject(reason);
    },
  };
}
