/**
 * How long a message takes from one instance to another through Redis (HS-23). Each instance tells itself, by the way that every message takes:
 * published on the connection of its commands, received on the one that listens. Both ends are one process, so the instance's own monotonic clock
 * measures, and no two clocks are compared. From one instance to another it takes no longer than the lags of both together.
 */
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { monotonicMs } from "../clock.ts";
import { askIntervalMs } from "./redis.ts";

export interface PubSubLag {
  /** To be listened to; nobody else's messages come there. */
  readonly channel: string;
  /** Asks Redis whether it is there, for the connection of commands: once somebody listens, by a message to ourselves. */
  ask(client: Redis): Promise<unknown>;
  /** A message of the channel; "": it is listened to from now on, and some may have been missed. */
  hear(message: string): void;
  /** What the last message took, or for how long one has been overdue (ms). */
  lagMs(): number;
}

/** Begins with the first message that is listened for. Registers `pubsub_delivery_seconds`, `pubsub_lag_seconds` and `pubsub_missed_total`. */
export function watchPubSubLag(registry: Registry, instanceId: string, nowMs = monotonicMs): PubSubLag {
  const registers = [registry];
  const delivery = new Histogram({
    name: "pubsub_delivery_seconds",
    help: "Time from the publishing of this instance's own message to its receipt, by its monotonic clock.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const missed = new Counter({
    name: "pubsub_missed_total",
    help: "Messages to itself that this instance did not receive: known when a later one comes.",
    registers,
  });
  new Gauge({
    name: "pubsub_lag_seconds",
    help: "What the last message of this instance to itself took, or for how long one has been overdue; 0 before it listens.",
    aggregator: "max",
    registers,
    collect() {
      this.set(lagMs() / 1000);
    },
  });

  let isListening = false;
  let sent = 0;
  let heard = 0;
  let heardAtMs = 0;
  let lastMs = 0;
  const lagMs = (): number => (isListening ? Math.max(lastMs, nowMs() - heardAtMs - askIntervalMs) : 0);
  const channel = `pubsub-lag:${instanceId}:${randomUUID()}`;
  return {
    channel,
    ask(client) {
      if (!isListening) return client.ping();
      sent += 1;
      return client.publish(channel, `${sent} ${nowMs()}`);
    },
    hear(message) {
      if (message === "") {
        if (!isListening) heardAtMs = nowMs();
        isListening = true;
        return;
      }
      const [number = 0, sentAtMs = 0] = message.split(" ").map(Number);
      // From a connection that was given up: it was counted as missed when a later one came.
      if (number <= heard) return;
      missed.inc(number - heard - 1);
      heard = number;
      heardAtMs = nowMs();
      lastMs = heardAtMs - sentAtMs;
      delivery.observe(lastMs / 1000);
    },
    lagMs,
  };
}
