/**
 * Stresses agreement on settings: a queue instance comes back from a restart with one setting of its own after another, some of those on which instances judge each
 * other, the last time as one of the deployment before, and an API instance with another of them. A broken system lets it in, and two instances differ on how long a
 * lock is held or how old a copy may be.
 */
import { driftedDoesNotListen, driftKeptOut } from "../../harness/checkers/drift.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Each another value than the deployment's. */
const drifted = {
  HEARTBEAT_INTERVAL_MS: 900,
  HEARTBEAT_TIMEOUT_MS: 6500,
  SWEEP_TICK_MS: 700,
  LOCK_STRATEGY: "redis",
  LOCK_LEASE_MS: 4500,
  LOCK_WAIT_MS: 9000,
  CACHE_TTL_MS: 3000,
  OUTAGE_BUDGET_MS: 6500,
  LEADER_LEASE_MS: 4500,
  RETRY_LIMIT: 4,
  RETAIN_RUNS_S: 86_400,
  RETAIN_AUDIT_S: 86_400,
};

/** The last of them comes with the generation before the deployment's. */
const lastFromBefore = (settings: readonly (readonly [string, string | number])[]) =>
  settings.map(([name, value], n) => [name, n === settings.length - 1 ? `${value} CONFIG_GENERATION=1` : value] as const);

export default {
  id: "drift-of-a-setting",
  title: "Instances come back with a setting of their own",
  profile: "nightly",
  // Deployed as after a change of the settings: there is a generation before.
  settings: { api: { CONFIG_GENERATION: "2" }, queue: { CONFIG_GENERATION: "2" } },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule(random, topology) {
    const settings = random.shuffle(Object.entries(drifted));
    const half = Math.ceil(settings.length / 2);
    return ["queue", "api"].map((role, i) => ({
      ...{ fault: "drift", on: `${role}-${random.integer(1, topology[role] ?? 1)}` },
      ...{ atMs: i * 15_000 + random.integer(0, 500), forMs: random.integer(500, 1000) },
      options: Object.fromEntries(role === "queue" ? lastFromBefore(settings.slice(0, half)) : settings.slice(half)),
    }));
  },
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "HS-10": [driftKeptOut, driftedDoesNotListen], "LG-5": exactlyOnce({ boundMs: 9000 }) },
} satisfies Experiment;
