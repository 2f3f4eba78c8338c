/**
 * Stresses agreement on settings: a queue instance, then an API instance, comes back from a restart with another lease of locks than the others. A broken
 * system lets it in, and two instances differ on how long a lock is held.
 */
import { driftKeptOut } from "../../harness/checkers/drift.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "drift-of-a-setting",
  title: "Instances come back with a setting of their own",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random, topology) =>
    ["queue", "api"].map((role, i) => ({
      ...{
        fault: "drift",
        on: `${role}-${random.integer(1, topology[role] ?? 1)}`,
        atMs: i * 9000 + random.integer(0, 500),
        forMs: random.integer(1500, 2500),
      },
      options: { setting: "LOCK_LEASE_MS", value: random.integer(4000, 9000) },
    })),
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "HS-10": [driftKeptOut], "LG-5": exactlyOnce({ boundMs: 9000 }) },
} satisfies Experiment;
