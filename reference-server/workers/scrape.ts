/** A worker's part in the metrics of its instance. The port is shared, so a scrape reaches any one of the workers; the supervisor knows them all. */
import type { Registry } from "prom-client";
import { settledWithin } from "../clock.ts";
import { Problem } from "../problem.ts";
import { type SupervisorMessage, tellSupervisor } from "./worker.ts";

/** Longer than the supervisor waits for the slowest worker (ms). */
const answerWithinMs = 5000;
/** The supervisor is there or has died; if it is busy, what it had for us may be lost (ms). */
const farewellWithinMs = 2000;

export interface ScrapeLink extends Disposable {
  /** The metrics of the whole instance. Throws Problem 503 when the supervisor does not answer: a part would pass for the whole. */
  scrape(): Promise<string>;
  /** Tells the supervisor what there will be no later time to ask for, and waits until it was heard: connections that were on their way have then been refused. */
  tellLast(): Promise<void>;
}

/** Answers the supervisor's questions until disposed. */
export function linkToSupervisor(registry: Registry): ScrapeLink {
  const waiting = new Map<number, (text: string) => void>();
  const farewell = Promise.withResolvers<void>();
  let scrapes = 0;
  const tell = async (report: number): Promise<void> => tellSupervisor({ report, snapshot: await registry.getMetricsAsJSON() });
  const onMessage = (message: SupervisorMessage): void => {
    if (message === "farewell") farewell.resolve();
    if (typeof message === "string") return;
    if ("report" in message) void tell(message.report);
    else waiting.get(message.scrape)?.(message.text);
  };
  process.on("message", onMessage);
  return {
    async scrape() {
      const id = ++scrapes;
      const { promise, resolve } = Promise.withResolvers<string>();
      waiting.set(id, resolve);
      void tellSupervisor({ scrape: id });
      const answered = await settledWithin(promise, answerWithinMs);
      waiting.delete(id);
      if (!answered) throw new Problem(503, "The process that looks after the workers did not tell their metrics in time.", 1);
      return promise;
    },
    async tellLast() {
      await tell(0);
      if (process.connected) await settledWithin(farewell.promise, farewellWithinMs);
    },
    [Symbol.dispose]: () => void process.off("message", onMessage),
  };
}
