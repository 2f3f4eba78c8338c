/**
 * Stresses who goes by whose clock: a queue instance comes back from a restart with a wall clock that is 20 s behind, another with one that is 20 s
 * ahead. A broken system stamps heartbeats by the clock of the instance, takes runs from handlers that live, and executes them twice.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { liveRunKept } from "../../harness/checkers/live-run-kept.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "skew-clocks",
  title: "Wall clocks of queue instances 20 s behind and ahead",
  profile: "nightly",
  proxied: [],
  // Runs of some seconds are in the middle of their work at any look at their heartbeats.
  load: { scenario: "create-and-wait", perSecond: 45, settings: { LONGER: JSON.stringify([{ share: 0.15, steps: 6, stepMs: 350 }]) } },
  schedule: (random) =>
    random.shuffle(["queue-1", "queue-2"]).map((on, i) => ({
      ...{ fault: "skew-clock", on, atMs: i * 12_000 + random.integer(0, 500), forMs: random.integer(7500, 8500) },
      options: { aheadMs: (i === 0 ? -1 : 1) * random.integer(15_000, 25_000) },
    })),
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 300, steady: true },
  claims: { "LG-5": exactlyOnce({ boundMs: 9000 }), "LG-8": [liveRunKept] },
} satisfies Experiment;
