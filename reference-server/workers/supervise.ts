/**
 * Workers behind one port, as a process manager keeps them: this process accepts connections, hands each to a worker, and replaces workers.
 * The new one serves before the old one is told to go; the old one lets in nobody more, closes each connection with its next answer, and ends
 * when none is left. A connection that was on its way to a worker that has just stopped listening is handed to another one: Node's cluster
 * module asks each worker whether it took it. A worker therefore waits for its last words to be answered before it ends: what was sent to it
 * before is then read. (A connection on its way to a worker that is killed is lost: Node keeps it open and forgets it.)
 */
import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import type { Logger } from "pino";
import { settledWithin, sleep } from "../clock.ts";
import { gatherMetrics } from "./gather.ts";
import type { SupervisorMessage, WorkerMessage } from "./worker.ts";

/** A worker that dies is replaced after this, so that one that cannot live does not keep the machine busy with being born (ms). */
const firstPauseMs = 100;
const longestPauseMs = 5000;

export interface Supervisor {
  /** Ends all workers, each with its drain time; what has not ended after `limitMs` is killed. */
  stop(limitMs: number): Promise<void>;
}

/** Starts `count` workers and keeps that many. `fail` hears the exit status of a worker that was refused its settings: no other would fare better. */
export function supervise(count: number, log: Logger, fail: (status: number) => void): Supervisor {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  // Metrics may be infinite or no number, which JSON cannot say.
  cluster.setupPrimary({ serialization: "advanced" });
  const stopping = new AbortController();
  const ends = new Map<Worker, Promise<unknown>>();
  const say = (worker: Worker, message: SupervisorMessage): void => {
    if (worker.isConnected()) worker.send(message);
  };
  const metrics = gatherMetrics(say, log);
  let pauseMs = firstPauseMs;

  /** `old`: the worker in whose place the new one begins. */
  const begin = (slot: number, old?: Worker): void => {
    if (stopping.signal.aborted) return;
    const worker = cluster.fork({ WORKER_SLOT: String(slot) });
    let predecessor = old;
    let isReplaced = false;
    ends.set(worker, once(worker, "exit"));
    metrics.watch(worker, String(slot));
    worker.on("message", (message: WorkerMessage) => {
      if (message === "serving") {
        pauseMs = firstPauseMs;
        log.info({ worker: worker.process.pid, replaces: predecessor?.process.pid }, "worker serves");
        if (predecessor) say(predecessor, "retire");
        predecessor = undefined;
      } else if (message === "worn" && !isReplaced) {
        isReplaced = true;
        begin(slot, worker);
      }
    });
    worker.on("exit", (status, signal) => {
      ends.delete(worker);
      if (stopping.signal.aborted) return;
      if (status === 78) return fail(status);
      // Its successor serves, or will: that one looks after itself.
      if (isReplaced) return;
      log.error({ worker: worker.process.pid, status, signal }, "worker died");
      void sleep(pauseMs, stopping.signal).then(
        () => begin(slot, predecessor),
        () => {},
      );
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    });
  };
  for (let slot = 1; slot <= count; slot++) begin(slot);

  return {
    async stop(limitMs) {
      stopping.abort();
      for (const worker of ends.keys()) say(worker, "stop");
      const ended = Promise.all(ends.values());
      if (await settledWithin(ended, limitMs)) return;
      log.error({ limitMs, workers: ends.size }, "workers took too long to stop: killing them");
      for (const worker of ends.keys()) worker.process.kill("SIGKILL");
      await ended;
    },
  };
}
