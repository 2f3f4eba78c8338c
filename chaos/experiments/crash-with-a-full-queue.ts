/**
 * Stresses slots that die with their instance: completions are held up until every slot is taken and runs wait, then all queue instances are killed at
 * once and come back under the same names. A broken system counts the runs of their former lives for ever, or takes them for alive.
 */
import { crashedFull } from "../../harness/checkers/crashed-full.ts";
import { lostRuns } from "../../harness/checkers/lost-runs.ts";
import { noneFails } from "../../harness/checkers/none-fails.ts";
import { requeuedInTime } from "../../harness/checkers/requeue.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "crash-with-a-full-queue",
  title: "Kill all queue instances with every slot taken",
  profile: "nightly",
  proxied: [],
  // Some runs are long, so that an instance that came back is never without one.
  load: { scenario: "create-and-wait", perSecond: 30, settings: { LONGER: JSON.stringify([{ share: 0.15, steps: 3, stepMs: 1000 }]) } },
  schedule(random, topology) {
    const atMs = random.integer(5500, 6500);
    const victims = Array.from({ length: topology.queue ?? 0 }, (_, i) => `queue-${i + 1}`);
    return [
      {
        ...{ fault: "slow-writes", on: "postgres", atMs: 0, forMs: 9000 },
        options: { table: "runs", write: "update", when: "new.status = 'success'", delayMs: 1500 },
      },
      ...victims.map((on) => ({ fault: "kill", on, atMs, forMs: random.integer(1000, 2000) })),
    ];
  },
  settleMs: 45_000,
  drainMs: 40_000,
  coverage: { operations: 1200, operationsPerFault: 0, steady: true },
  claims: { "FR-3": [crashedFull, requeuedInTime, lostRuns({ boundMs: 12_000 }), noneFails] },
} satisfies Experiment;
