/** Something done again and again beside the conductor. */
import { sleep } from "../base/clock.ts";

export interface Repeating extends AsyncDisposable {
  /** Throws what the body threw; it is not called any more then. */
  assertRunning(): void;
}

/** Calls `body` again and again, `everyMs` apart, until disposed. An error in it stops the loop and surfaces at the next `assertRunning`. */
export function repeat(everyMs: number, body: () => Promise<void>): Repeating {
  const stopped = new AbortController();
  let failure: unknown;
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await body();
      await sleep(everyMs, stopped.signal).catch(() => {});
    }
  })().catch((error: unknown) => {
    failure = error;
  });
  return {
    assertRunning() {
      if (failure !== undefined) throw failure;
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await loop;
    },
  };
}
