/** The places in which an instance executes runs: never more at once. Who finds none free waits its turn. */
import { orAborted } from "../clock.ts";

export interface Slots {
  /** Resolves when the caller has a slot; disposing gives it back. Rejects with the signal's reason, or with that of `close`. */
  take(signal: AbortSignal): Promise<Disposable>;
  /** Nobody gets a slot any more: who waits, and who comes, is told why. */
  close(reason: Error): void;
}

export function openSlots(count: number): Slots {
  const closed = new AbortController();
  const waiting: PromiseWithResolvers<void>[] = [];
  let free = count;
  // Nobody waits while one is free: a slot that is given back goes to the next in line.
  const slot = (): Disposable => ({
    [Symbol.dispose]() {
      const next = waiting.shift();
      if (next) next.resolve();
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
      const turn = Promise.withResolvers<void>();
      waiting.push(turn);
      try {
        await orAborted(turn.promise, AbortSignal.any([signal, closed.signal]));
        return slot();
      } catch (error) {
        const place = waiting.indexOf(turn);
        if (place >= 0) waiting.splice(place, 1);
        // It had its turn already, and cannot use it.
        else slot()[Symbol.dispose]();
        throw error;
      }
    },
    close: (reason) => closed.abort(reason),
  };
}
