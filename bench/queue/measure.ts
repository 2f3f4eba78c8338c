/**
 * One measurement of one queue, in a process of its own: `measure.ts ADAPTER drain|flow|pickup COUNT`, the database and Redis from the
 * environment. Prints one line of JSON with the figures.
 */
import { pathToFileURL } from "node:url";

/** What a queue has to bring: the same for the reference server and its peers. `begin`: a handler starts; `done`: its end is durable. */
interface Queue {
  /** Puts no-op jobs into the empty queue, with nobody working. */
  fill(count: number): Promise<void>;
  start(on: { readonly begin: () => void; readonly done: () => void }): Promise<void>;
  /** Adds one job and sees to it that a worker is woken. */
  enqueue(): Promise<unknown>;
  stop(): Promise<void>;
}

export interface Figures {
  /** Jobs done per second: from the first handler to the last end when draining, from the first enqueue to the last end in flow. */
  readonly perSecond?: number;
  /** Jobs accepted per second while a worker takes them. */
  readonly enqueuedPerSecond?: number;
  /** From the call that adds a lone job to the start of its handler (ms). */
  readonly p50Ms?: number;
  readonly p95Ms?: number;
}

/** How long a rate is measured at most (ms). */
const windowMs = 5000;
const limitMs = 120_000;

/** Ends with the last job or with the window, whichever is first: a slow machine gets fewer jobs done, and the rate is as good. */
async function drain(queue: Queue, count: number): Promise<Figures> {
  await queue.fill(count);
  const over = Promise.withResolvers<void>();
  let firstMs: number | undefined;
  let lastMs = 0;
  let ends = 0;
  await queue.start({
    begin() {
      if (firstMs !== undefined) return;
      firstMs = performance.now();
      setTimeout(over.resolve, windowMs);
    },
    done() {
      lastMs = performance.now();
      if (++ends === count) over.resolve();
    },
  });
  await over.promise;
  return { perSecond: (ends * 1000) / (lastMs - (firstMs ?? lastMs)) };
}

/** Producers add jobs until `count` or the end of the window; then everything accepted is waited for. */
async function flow(queue: Queue, count: number, producers: number): Promise<Figures> {
  let accepted = 0;
  let ends = 0;
  let lastMs = 0;
  await queue.start({
    begin() {},
    done() {
      ends += 1;
      lastMs = performance.now();
    },
  });
  const beganMs = performance.now();
  let left = count;
  const produce = async (): Promise<void> => {
    while (left-- > 0 && performance.now() - beganMs < windowMs) {
      await queue.enqueue();
      accepted += 1;
    }
  };
  await Promise.all(Array.from({ length: producers }, produce));
  const enqueuedMs = performance.now();
  while (ends < accepted) await new Promise((resolve) => setTimeout(resolve, 5));
  return { perSecond: (accepted * 1000) / (lastMs - beganMs), enqueuedPerSecond: (accepted * 1000) / (enqueuedMs - beganMs) };
}

async function pickup(queue: Queue, count: number): Promise<Figures> {
  let begun = Promise.withResolvers<number>();
  let over = Promise.withResolvers<void>();
  await queue.start({ begin: () => begun.resolve(performance.now()), done: () => over.resolve() });
  const took: number[] = [];
  // The first few warm connections and code up.
  for (let i = -5; i < count; i++) {
    begun = Promise.withResolvers();
    over = Promise.withResolvers();
    const sentMs = performance.now();
    await queue.enqueue();
    const startedMs = await begun.promise;
    await over.promise;
    if (i >= 0) took.push(startedMs - sentMs);
    // Alone: whatever follows a job inside the worker is over.
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN;
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}

const [adapter = "", command = "", given = ""] = process.argv.slice(2);
const concurrency = Number(process.env.CONCURRENCY);
const tooLong = setTimeout(() => {
  console.error(`Expected ${command} of ${given} jobs to be over within ${limitMs} ms.`);
  process.exit(1);
}, limitMs);
const { open } = (await import(pathToFileURL(adapter).href)) as { open(at: object): Promise<Queue> };
const queue = await open({ databaseUrl: process.env.DATABASE_URL, redisUrl: process.env.REDIS_URL, concurrency });
const count = Number(given);
const figures =
  command === "drain" ? await drain(queue, count) : command === "flow" ? await flow(queue, count, concurrency) : await pickup(queue, count);
process.stdout.write(`\n${JSON.stringify(figures)}\n`);
clearTimeout(tooLong);
// Peers keep timers and connections; what was measured is printed.
await Promise.race([queue.stop(), new Promise((resolve) => setTimeout(resolve, 3000))]);
process.exit(0);
