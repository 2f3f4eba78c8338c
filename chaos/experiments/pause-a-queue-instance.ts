/**
 * Stresses fencing of runs: a queue instance is stopped (SIGSTOP) beyond its heartbeat time-out with short and long runs in its hands, its
 * runs are taken over, and then it wakes up believing that they are still its own. A broken system accepts the sleeper's late step or completion,
 * or lets it go on working beside its successor.
 */

import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { liveRunKept, requeuedInTime } from "../../harness/checkers/requeue.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "pause-a-queue-instance",
  title: "Pause a queue instance beyond its heartbeat time-out and resume it",
  profile: "default",
  safety: true,
  proxied: [],
  load: {
    scenario: "create-and-wait",
    perSecond: 50,
    settings: {
      LONGER: JSON.stringify([
        // One step, so every such run of the sleeper's is in its last; its second attempt is still going on when a short sleep ends.
        { share: 0.065, steps: 1, stepMs: 2500 },
        // Its successor has made as many of these steps as the sleeper had: one alone stands between the sleeper's next one and the row.
        { share: 0.01, steps: 3, stepMs: 3000 },
        { share: 0.003, steps: 15, stepMs: 1000 },
      ]),
    },
  },
  schedule(random, topology) {
    const victims = random.shuffle(Array.from({ length: topology.queue ?? 0 }, (_, i) => `queue-${i + 1}`));
    return [
      // The successor is at work when the sleeper wakes up ...
      { fault: "pause", on: victims[0] ?? "queue-1", atMs: random.integer(0, 500), forMs: random.integer(5800, 6300) },
      // ... and it has finished.
      { fault: "pause", on: victims[1 % victims.length] ?? "queue-1", atMs: 10_500 + random.integer(0, 500), forMs: random.integer(8500, 9500) },
    ];
  },
  settleMs: 30_000,
  drainMs: 68_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "LG-5": exactlyOnce({ boundMs: 21_000 }), "LG-8": [requeuedInTime, liveRunKept] },
} satisfies Experiment;
