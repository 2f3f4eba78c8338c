/** What a worker and the process that looks after it say to each other, and when a worker has had its share of requests. */
import cluster from "node:cluster";
import type { Snapshot } from "./instance-metrics.ts";

/** The worker's words: it serves; it has answered as many requests as it should; its metrics, asked for by the number (0: its last words); it was scraped. */
export type WorkerMessage = "serving" | "worn" | { readonly report: number; readonly snapshot: Snapshot } | { readonly scrape: number };
/** The supervisor's words: let in nobody more and go when everybody has been served; end within the drain time; your last words were heard; tell your metrics; the instance's. */
export type SupervisorMessage = "retire" | "stop" | "farewell" | { readonly report: number } | { readonly scrape: number; readonly text: string };

/** How long a worker that is being replaced may go on serving who is there: longer than a balancer keeps an idle connection (ms). */
export const retireWithinMs = 120_000;

/** Tells the supervisor; resolves when it has been written. Without a supervisor, and when it has died, nobody hears. */
export async function tellSupervisor(message: WorkerMessage): Promise<void> {
  if (!cluster.isWorker || !process.connected) return;
  await new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

/**
 * Counts requests and calls `worn` once, after `maxRequests` and a uniform random number from 0 to `jitter` more, so that workers which
 * began together do not end together (AB-12). `maxRequests` 0: never.
 */
export function requestCounter(maxRequests: number, jitter: number, worn: () => void, random = Math.random): () => void {
  if (maxRequests === 0) return () => {};
  const limit = maxRequests + Math.floor(random() * (jitter + 1));
  let count = 0;
  return () => {
    count += 1;
    if (count === limit) worn();
  };
}
