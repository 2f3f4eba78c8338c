/**
 * Stresses the count of failures: everybody is cut off from Redis for so long that a run which takes longer than a lease loses one after another, more of them than it has retries. A broken system takes each for a
 * failure of the run, and ends in error what nothing is wrong with.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { leasesCountForNothing } from "../../harness/checkers/leases-lost.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "lose-redis-for-long",
  title: "Cut everybody off from Redis for more leases than a run has retries",
  profile: "weekly",
  proxied: ["*->redis"],
  // A run of 6 s never ends within a lease of 4 s: one every other second, which hold twelve of thirty slots in the end; the short ones need seven.
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.01, steps: 6, stepMs: 1000 }]) } },
  // A lease is lost and the run claimed again each 5 to 7 s: the fourth is lost by 30 s at the latest.
  schedule: (random) => [{ fault: "partition", on: "*->redis", atMs: random.integer(0, 500), forMs: random.integer(32_000, 33_000) }],
  settleMs: 30_000,
  drainMs: 48_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "LG-6": [leasesCountForNothing({ retries: 3 })], "LG-5": exactlyOnce({ boundMs: 12_000 }) },
} satisfies Experiment;
