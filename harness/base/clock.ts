/** The harness clock of one experiment: milliseconds since it began, monotonic, microsecond resolution. */
export interface Clock {
  now(): number;
}

export function startClock(): Clock {
  const began = performance.now();
  return { now: () => performance.now() - began };
}

/** Sleep that ends early, with the signal's reason thrown, when aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      },
      Math.max(0, ms),
    );
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * Asks `probe` every `everyMs` until it answers something other than undefined. Throws a sentence built from `what` and the last
 * error once `withinMs` have passed.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  options: { readonly withinMs: number; readonly everyMs?: number; readonly signal?: AbortSignal | undefined },
): Promise<T> {
  const deadline = performance.now() + options.withinMs;
  let last = "";
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = ` The last error: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() >= deadline) throw new Error(`${what} within ${options.withinMs} ms, and it did not happen.${last}`);
    await sleep(options.everyMs ?? 20, options.signal);
  }
}

/**
 * What the call resolves to, if it does so in time.
 * @throws a sentence built from `what` (`Redis was expected to answer`) once `withinMs` have passed
 */
export async function within<T>(what: string, withinMs: number, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${withinMs} ms, and it did not happen.`)), withinMs);
  });
  return Promise.race([call, limit]).finally(() => clearTimeout(timer));
}
