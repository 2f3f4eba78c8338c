/**
 * Stresses what lies in Redis and nowhere else: memory pressure evicts other keys over and over, heartbeats of live handlers among them. A broken system takes a missing
 * key for a dead handler, or needs one that is gone.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { lostRuns } from "../../harness/checkers/lost-runs.ts";
import { liveRunKept } from "../../harness/checkers/requeue.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "evict-from-redis",
  title: "Memory pressure on Redis evicts what the instances keep there",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.03, steps: 4, stepMs: 1000 }]) } },
  schedule: (random) => [{ fault: "evict-redis", on: "redis", atMs: random.integer(0, 500), forMs: random.integer(10_000, 12_000) }],
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "AB-18": [...exactlyOnce({ boundMs: 9000 }), liveRunKept], "FR-7": [lostRuns({ boundMs: 9000 })] },
} satisfies Experiment;
