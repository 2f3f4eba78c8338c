/** What Prometheus reads at /metrics. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { sharedSettings } from "./config/fingerprint.ts";
import type { Config } from "./config.ts";
import { collectProcessMetrics } from "./event-loop-lag.ts";
import type { Consumption } from "./runs/consumption.ts";
import type { Database } from "./store/postgres.ts";
import { linkToSupervisor } from "./workers/scrape.ts";

export interface Metrics extends Disposable {
  readonly registry: Registry;
  /** As Prometheus reads them: of the whole instance, whichever of its workers is asked. Throws Problem 503. */
  scrape(): Promise<string>;
  /** A worker that ends leaves with its instance what it has counted; anybody else has nobody to tell. */
  tellLast(): Promise<void>;
  readonly requests: Counter;
  readonly requestSeconds: Histogram;
  /** Attempts by what became of them. */
  readonly attempts: Counter;
  /** Runs given back because their handler was dead. */
  readonly swept: Counter;
  /** Webhooks sent, by what became of the attempt. */
  readonly webhooks: Counter;
  /** Shows how many queries are in progress and waiting. */
  observeQueries(gauges: () => { readonly inside: number; readonly waiting: number }): void;
  /** 1 while this instance leads, by what it leads. */
  readonly leads: Gauge;
}

interface Observed {
  readonly config: Config;
  readonly db: Database;
  readonly consumption: Consumption;
  /** Attempts being executed. */
  readonly inProgress: () => number;
  readonly redisReady: () => boolean;
}

/** Every metric of the instance. */
export function createMetrics({ config, db, consumption, inProgress, redisReady }: Observed): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectProcessMetrics(registry);
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
    help: "Connections of the pool by state: checked_out + idle is what Postgres counts, overflow those of them beyond POOL_SIZE; waiting counts callers without one.",
    labelNames: ["state"],
    registers,
    collect() {
      const { checkedOut, idle, overflow, waiting } = db.gauges();
      this.set({ state: "checked_out" }, checkedOut);
      this.set({ state: "idle" }, idle);
      this.set({ state: "overflow" }, overflow);
      this.set({ state: "waiting" }, waiting);
    },
  });
  new Gauge({
    name: "pg_pool_limit",
    help: "Connections the pool may have at most.",
    registers,
    collect() {
      this.set(db.gauges().limit);
    },
  });
  new Gauge({
    name: "pg_pool_alert_threshold",
    help: "Connections checked out from which the pool is near its end.",
    registers,
    collect() {
      this.set(Math.ceil((db.gauges().limit * config.poolAlertPercent) / 100));
    },
  });
  new Gauge({
    name: "pg_breaker_open",
    help: "1 while Postgres has been away for longer than the outage budget and requests are refused at once.",
    aggregator: "max",
    registers,
    collect() {
      this.set(db.gauges().breakerOpen ? 1 : 0);
    },
  });
  if (config.role === "queue") {
    new Gauge({
      name: "queue_consuming",
      help: "1 while this instance looks at the queue, or has no slot free.",
      registers,
      collect() {
        this.set(consumption.isGoing() ? 1 : 0);
      },
    });
  }
  const { fingerprint } = sharedSettings(config);
  new Gauge({
    name: "config_info",
    help: "1; the fingerprint of the settings that must be the same on all instances, and their generation.",
    labelNames: ["fingerprint", "generation"],
    aggregator: "max",
    registers,
  }).set({ fingerprint, generation: String(config.configGeneration) }, 1);
  new Gauge({
    name: "redis_connected",
    help: "1 when Redis answers this instance.",
    aggregator: "min",
    registers,
    collect() {
      this.set(redisReady() ? 1 : 0);
    },
  });
  const link = config.workerSlot > 0 ? linkToSupervisor(registry) : undefined;
  return {
    registry,
    scrape: () => link?.scrape() ?? registry.metrics(),
    tellLast: async () => link?.tellLast(),
    [Symbol.dispose]: () => link?.[Symbol.dispose](),
    requests: new Counter({ name: "http_requests_total", help: "Requests answered.", labelNames, registers }),
    requestSeconds: new Histogram({
      name: "http_request_duration_seconds",
      help: "Time from the request's arrival to the end of the answer.",
      labelNames,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    attempts: new Counter({ name: "run_attempts_total", help: "Attempts ended, by outcome.", labelNames: ["outcome"], registers }),
    observeQueries(gauges) {
      new Gauge({
        name: "queries",
        help: "Queries in progress and waiting for their turn.",
        labelNames: ["state"],
        registers,
        collect() {
          const { inside, waiting } = gauges();
          this.set({ state: "in_progress" }, inside);
          this.set({ state: "waiting" }, waiting);
        },
      });
    },
    webhooks: new Counter({ name: "webhook_attempts_total", help: "Webhooks sent, by outcome.", labelNames: ["outcome"], registers }),
    leads: new Gauge({ name: "leader", help: "1 while this instance leads.", labelNames: ["name"], registers }),
    swept: new Counter({ name: "runs_swept_total", help: "Runs given back because their handler was dead.", registers }),
  };
}
