/**
 * Stresses the per-agent lock by what no single fault does: overlapping faults of the instances that hold locks, of their ways to Postgres and of Postgres itself, drawn
 * from the seed; then everything heals. A broken system lets a holder that cannot renew go on, or hears its late write.
 */
import { noLostUpdate, staleWriteRefused } from "../../harness/checkers/fencing.ts";
import { goesOn } from "../../harness/checkers/goes-on.ts";
import { mutualExclusion } from "../../harness/checkers/mutual-exclusion.ts";
import { type CompositionRules, compose, type Ingredient } from "../../harness/core/composition.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const rules: CompositionRules = { withinMs: 20_000, everyMs: 1000, atOnce: 3, spared: 1, recoveryMs: 4000 };

const menu: readonly Ingredient[] = [
  // Below and beyond the lease.
  { fault: "pause", weight: 4, on: "api", forMs: [1000, 6000] },
  { fault: "slow-instance", weight: 2, on: "api", forMs: [2000, 6000], options: (random) => ({ stoppedPercent: random.integer(30, 70) }) },
  // The balancer leaves it alone for 30 s.
  { fault: "kill", weight: 1, on: "api", forMs: [500, 3500], recoveryMs: 40_000 },
  {
    ...{ fault: "one-way-black-hole", weight: 3, on: "api->postgres", forMs: [1000, 5000] },
    options: (random) => ({ stream: random.pick(["upstream", "downstream"]) }),
  },
  { fault: "half-open", weight: 2, on: "api->postgres", forMs: [1000, 5000] },
  { fault: "reset", weight: 1, on: "api->postgres", forMs: [1000, 3000] },
  { fault: "flapping", weight: 2, on: "api->postgres", forMs: [2000, 4000], options: () => ({ downMs: 200, upMs: 300 }) },
  { fault: "latency", weight: 1, on: "api->postgres", forMs: [2000, 5000], options: (random) => ({ latencyMs: random.pick([20, 80]) }) },
  { fault: "half-open", weight: 1, on: "api->redis", forMs: [1000, 5000] },
  { fault: "flush-redis", weight: 1, on: "redis", forMs: [0, 500] },
  {
    fault: "restart-postgres",
    weight: 1,
    on: "postgres",
    forMs: [500, 2000],
    options: (random) => ({ mode: random.pick(["fast", "immediate", "kill"]) }),
  },
  { fault: "hold-lock", weight: 1, on: "postgres", forMs: [500, 2000], options: () => ({ table: "agents" }) },
  {
    ...{ fault: "inject-sqlstate", weight: 2, on: "postgres", forMs: [1000, 3000] },
    options: (random) => ({
      ...{ table: "agents", write: "update", percent: random.integer(5, 40), seed: random.integer(0, 1_000_000) },
      sqlstate: random.pick(["40001", "40P01"]),
    }),
  },
];

export default {
  id: "compose-faults-under-locks",
  title: "Overlapping faults of lock holders drawn from the seed, then everything heals",
  profile: "nightly",
  safety: "weekly",
  endless: true,
  topology: { api: 3, queue: 0 },
  proxied: ["*->postgres", "*->redis"],
  load: { scenario: "take-turns", perSecond: 50 },
  schedule: (random, topology) => compose(random, topology, menu, rules),
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 1500, operationsPerFault: 0, steady: true },
  claims: { "HS-6": [mutualExclusion, noLostUpdate, goesOn({ withinMs: 5000 })], "HA-13": [staleWriteRefused] },
} satisfies Experiment;
