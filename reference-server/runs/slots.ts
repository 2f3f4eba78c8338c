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
  const handOut = (): void => {
    for (; free > 0 && waiting.length > 0; free--) waiting.shift()?.resolve();
  };
  const slot = (): Disposable => ({
    [Symbol.dispose]() {
      free += 1;
      handOut();
    },
  });
  return {
    async take(signal) {
      closed.signal.throwIfAborted();
      const turn = Promise.withResolvers<void>();
      waiting.push(turn);
      handOut();
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
