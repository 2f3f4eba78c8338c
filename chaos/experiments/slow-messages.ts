/**
 * Stresses what is said of messages between instances: one instance after another has a slow connection to Redis, and then one has none that anything comes through. A broken system tells everybody that all messages
 * arrive at once, and nobody knows why wake-ups are late.
 */
import { messageLagTold } from "../../harness/checkers/message-lag.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "slow-messages",
  title: "One instance's connection to Redis is slow, another's silent",
  profile: "nightly",
  topology: { api: 2, queue: 2 },
  proxied: ["*->redis"],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [
    ...random.shuffle(["api-1", "queue-1"]).map((instance, i) => ({
      ...{ fault: "latency", on: `${instance}->redis`, atMs: i * 9000 + random.integer(0, 500), forMs: random.integer(6000, 6500) },
      options: { latencyMs: random.integer(150, 300) },
    })),
    {
      fault: "partition",
      on: `${random.pick(["api-2", "queue-2"])}->redis`,
      atMs: 17_500 + random.integer(0, 500),
      forMs: random.integer(6000, 6500),
    },
  ],
  settleMs: 30_000,
  drainMs: 20_000,
  coverage: { operations: 1500, operationsPerFault: 200, steady: true },
  claims: { "HS-23": [messageLagTold] },
} satisfies Experiment;
