/** What a worker and the process that looks after it say to each other, and when a worker has had its share of requests. */
import cluster from "node:cluster";

/** The worker's words: it serves; it has answered as many requests as it should. */
export type WorkerMessage = "serving" | "worn";
/** The supervisor's words: let in nobody more and go when everybody has been served; end within the drain time. */
export type SupervisorMessage = "retire" | "stop";

/** How long a worker that is being replaced may go on serving who is there: longer than a balancer keeps an idle connection (ms). */
export const retireWithinMs = 120_000;

/** Tells the supervisor. Without one, and when it has died, nobody hears. */
export function tellSupervisor(message: WorkerMessage): void {
  if (cluster.isWorker && process.connected) process.send?.(message);
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
