/**
 * Stresses fencing of runs: a queue instance is stopped (SIGSTOP) beyond its heartbeat time-out with short and long runs in its hands, its
 * runs are taken over, and then it wakes up believing that they are still its own. A broken system accepts the sleeper's late completion,
 * or lets it go on working beside its successor.
 */

import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { liveRunKept, requeuedInTime } from "../../harness/checkers/requeue.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "pause-a-queue-instance",
  title: "Pause a queue instance beyond its heartbeat time-out and resume it",
  proxied: [],
  load: {
    scenario: "create-and-wait",
    perSecond: 60,
    settings: {
      LONGER: JSON.stringify([
        // Caught in its last step, such a run is still in its second attempt when the sleeper wakes up and completes the first.
        { share: 0.05, steps: 4, stepMs: 1000 },
        { share: 0.004, steps: 15, stepMs: 1000 },
      ]),
    },
  },
  schedule(random, topology) {
    const victims = random.shuffle(Array.from({ length: topology.queue ?? 0 }, (_, i) => `queue-${i + 1}`));
    return [0, 1].map((i) => ({
      fault: "pause",
      on: victims[i] ?? "",
      atMs: i * 12_000 + random.integer(0, 500),
      forMs: random.integer(6300, 7200),
    }));
  },
  settleMs: 13_000,
  drainMs: 68_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "LG-5": exactlyOnce({ boundMs: 21_000 }), "LG-8": [requeuedInTime, liveRunKept] },
} satisfies Experiment;
