/** The supervisor's part in the metrics of its instance: it asks every worker, and answers the one that was scraped. */
import type { Worker } from "node:cluster";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import { settledWithin } from "../clock.ts";
import { collectProcessMetrics } from "../event-loop-lag.ts";
import { instanceMetrics } from "./instance-metrics.ts";
import type { SupervisorMessage, WorkerMessage } from "./worker.ts";

/** A worker that does not answer by then counts with what it told last: it is stopped, or busy (ms). */
const reportWithinMs = 2000;
/** This process is part of the instance too. */
const ownId = 0;

interface Gathering {
  /** From now on what the worker counts is the instance's. `name` tells apart what only this worker has. */
  watch(worker: Worker, name: string): void;
}

/** Begins to gather. `say` sends a message to a worker; a worker that does not answer counts with what it told last (AB-12, AB-17). */
export function gatherMetrics(say: (worker: Worker, message: SupervisorMessage) => void, log: Logger): Gathering {
  const metrics = instanceMetrics();
  const own = new Registry();
  collectProcessMetrics(own);
  /** Before a worker listens it has nothing to tell and nobody to hear. */
  const listening = new Set<Worker>();
  const rounds = new Map<number, { readonly silent: Set<Worker>; readonly complete: () => void }>();
  let lastRound = 0;

  /** What it told for a round is late enough for the rounds before; its last words are for all. */
  const answered = (worker: Worker, upTo = lastRound): void => {
    for (const [round, { silent, complete }] of rounds) if (round <= upTo && silent.delete(worker) && silent.size === 0) complete();
  };

  const gather = async (): Promise<string> => {
    const round = ++lastRound;
    const { promise, resolve } = Promise.withResolvers<void>();
    rounds.set(round, { silent: new Set(listening), complete: resolve });
    for (const worker of listening) say(worker, { report: round });
    metrics.told(ownId, "supervisor", await own.getMetricsAsJSON());
    await settledWithin(promise, reportWithinMs);
    rounds.delete(round);
    return metrics.text();
  };

  return {
    watch(worker, name) {
      const hear = (message: WorkerMessage): void => {
        if (typeof message === "string") return;
        if ("scrape" in message) {
          gather().then(
            (text) => say(worker, { scrape: message.scrape, text }),
            (error) => log.error({ err: error }, "the workers' metrics could not be put together"),
          );
          return;
        }
        metrics.told(worker.id, name, message.snapshot);
        answered(worker, message.report || lastRound);
        if (message.report === 0) say(worker, "farewell");
      };
      worker.on("listening", () => listening.add(worker));
      worker.on("message", hear);
      worker.on("exit", () => {
        // Of one that was killed, a message may still come.
        worker.off("message", hear);
        listening.delete(worker);
        metrics.gone(worker.id);
        answered(worker);
      });
    },
  };
}
