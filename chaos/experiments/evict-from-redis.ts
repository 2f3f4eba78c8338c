/**
 * Stresses what lies in Redis and nowhere else: the heartbeats of live handlers are evicted alone, and then memory pressure evicts all keys over and over. A broken system takes a missing
 * key for a dead handler, or needs one that is gone.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { nothingGivenBack } from "../../harness/checkers/given-back.ts";
import { lostRuns } from "../../harness/checkers/lost-runs.ts";
import { liveRunKept } from "../../harness/checkers/requeue.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Some go on for two time-outs and more after the last eviction: their heartbeats have to come back. */
const longer = [
  { share: 0.02, steps: 4, stepMs: 1000 },
  { share: 0.01, steps: 12, stepMs: 1500 },
];

export default {
  id: "evict-from-redis",
  title: "Memory pressure on Redis evicts what the instances keep there",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify(longer) } },
  schedule: (random) => [
    // Nobody finds anything else missing: what tells of a flush is still there.
    { fault: "evict-key", on: "redis", atMs: random.integer(0, 300), forMs: 2700, options: { key: "heartbeats" } },
    { fault: "evict-redis", on: "redis", atMs: random.integer(3800, 4200), forMs: random.integer(10_000, 12_000) },
  ],
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  // Three of these bounds are more than the longest run takes.
  claims: { "AB-18": [...exactlyOnce({ boundMs: 9000 }), liveRunKept, nothingGivenBack], "FR-7": [lostRuns({ boundMs: 9000 })] },
} satisfies Experiment;
