/** What Prometheus reads at /metrics. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Database } from "./store/postgres.ts";

export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter;
  readonly requestSeconds: Histogram;
  /** Attempts by what became of them. */
  readonly attempts: Counter;
  /** Runs given back because their handler was dead. */
  readonly swept: Counter;
}

/** Every metric of the instance. `inProgress` counts the attempts being executed. */
export function createMetrics(db: Database, inProgress: () => number, redisReady: () => boolean): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const labelNames = ["method", "route", "status"];
  new Gauge({
    name: "runs_in_progress",
    help: "Attempts this instance is executing.",
    registers,
    collect() {
      this.set(inProgress());
    },
  });
  new Gauge({
    name: "pg_pool_connections",
    help: "Connections of the pool by state; waiting counts callers without one.",
    labelNames: ["state"],
    registers,
    collect() {
      const { total, idle, waiting } = db.gauges();
      this.set({ state: "checked_out" }, total - idle);
      this.set({ state: "idle" }, idle);
      this.set({ state: "waiting" }, waiting);
    },
  });
  new Gauge({
    name: "redis_connected",
    help: "1 when Redis answers this instance.",
    registers,
    collect() {
      this.set(redisReady() ? 1 : 0);
    },
  });
  return {
    registry,
    requests: new Counter({ name: "http_requests_total", help: "Requests answered.", labelNames, registers }),
    requestSeconds: new Histogram({
      name: "http_request_duration_seconds",
      help: "Time from the request's arrival to the end of the answer.",
      labelNames,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    attempts: new Counter({ name: "run_attempts_total", help: "Attempts ended, by outcome.", labelNames: ["outcome"], registers }),
    swept: new Counter({ name: "runs_swept_total", help: "Runs given back because their handler was dead.", registers }),
  };
}
