/**
 * Stresses what no single fault does: overlapping faults of different victims, drawn from the seed, while runs are created; then everything heals
 * and every run has to come to its end. A broken system shows what its parts were only tried for one at a time.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { goesOn } from "../../harness/checkers/goes-on.ts";
import { liveRunKept } from "../../harness/checkers/requeue.ts";
import { type CompositionRules, compose, type Ingredient } from "../../harness/core/composition.ts";
import type { Experiment } from "../../harness/core/experiment.ts";
import type { Random } from "../../harness/core/random.ts";

const rules: CompositionRules = { withinMs: 20_000, everyMs: 1000, atOnce: 3, spared: 1, recoveryMs: 4000 };

/** Late messages, far below any time-out, or near the shortest. */
const late = (random: Random) => ({ latencyMs: random.pick([5, 20, 80, 300]), jitterMs: random.integer(0, 5) });
const oneWay = (random: Random) => ({ stream: random.pick(["upstream", "downstream"]) });

const menu: readonly Ingredient[] = [
  // Instances.
  { fault: "kill", weight: 4, on: "queue", forMs: [500, 3500] },
  // The balancer leaves it alone for 30 s.
  { fault: "kill", weight: 2, on: "api", forMs: [500, 3500], recoveryMs: 40_000 },
  // Below and beyond the heartbeat's time-out.
  { fault: "pause", weight: 4, on: "queue", forMs: [1000, 9000] },
  { fault: "terminate", weight: 2, on: "queue", forMs: [500, 2000], options: (random) => ({ signal: random.pick(["SIGINT", "SIGTERM"]) }) },
  { fault: "slow-instance", weight: 2, on: "queue", forMs: [2000, 6000], options: (random) => ({ stoppedPercent: random.integer(30, 70) }) },
  // One instance's way to a dependency.
  { fault: "partition", weight: 3, on: "queue->redis", forMs: [2000, 8000] },
  { fault: "half-open", weight: 3, on: "queue->redis", forMs: [2000, 8000] },
  { fault: "one-way-black-hole", weight: 2, on: "queue->redis", forMs: [2000, 8000], options: oneWay },
  { fault: "latency", weight: 1, on: "queue->redis", forMs: [2000, 6000], options: late },
  { fault: "one-way-black-hole", weight: 2, on: "queue->postgres", forMs: [1000, 4000], options: oneWay },
  { fault: "reset", weight: 1, on: "queue->postgres", forMs: [1000, 3000] },
  { fault: "flapping", weight: 2, on: "queue->postgres", forMs: [2000, 4000], options: () => ({ downMs: 200, upMs: 300 }) },
  { fault: "latency", weight: 1, on: "api->postgres", forMs: [2000, 5000], options: late },
  // A dependency, and with it everybody.
  { fault: "partition", weight: 1, on: "*->redis", forMs: [1000, 7000] },
  { fault: "restart-redis", weight: 1, on: "redis", forMs: [500, 2000] },
  { fault: "flush-redis", weight: 2, on: "redis", forMs: [0, 500] },
  { fault: "evict-redis", weight: 1, on: "redis", forMs: [1000, 4000] },
  { fault: "slow-redis", weight: 1, on: "redis", forMs: [1000, 4000], options: () => ({ busyMs: 150, pauseMs: 50 }) },
  {
    fault: "restart-postgres",
    weight: 1,
    on: "postgres",
    forMs: [500, 2000],
    options: (random) => ({ mode: random.pick(["fast", "immediate", "kill"]) }),
  },
  { fault: "hold-lock", weight: 1, on: "postgres", forMs: [500, 2000], options: () => ({ table: "runs" }) },
  {
    ...{ fault: "inject-sqlstate", weight: 2, on: "postgres", forMs: [1000, 3000] },
    options: (random) => ({
      ...{ table: "runs", write: "update", percent: random.integer(5, 40), seed: random.integer(0, 1_000_000) },
      sqlstate: random.pick(["40001", "40P01", "57P01", "08006"]),
    }),
  },
  { fault: "reload-balancer", weight: 1, on: "balancer", forMs: [0, 500] },
];

export default {
  id: "compose-faults",
  title: "Overlapping faults drawn from the seed, then everything heals",
  profile: "nightly",
  safety: "weekly",
  endless: true,
  proxied: ["*->postgres", "*->redis"],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 3, stepMs: 1000 }]) } },
  schedule: (random, topology) => compose(random, topology, menu, rules),
  settleMs: 30_000,
  drainMs: 40_000,
  coverage: { operations: 1500, operationsPerFault: 0, steady: true },
  claims: { "LG-5": [...exactlyOnce({ boundMs: 12_000 }), noAcknowledgedWriteLost, goesOn({ withinMs: 5000 })], "LG-8": [liveRunKept] },
} satisfies Experiment;
