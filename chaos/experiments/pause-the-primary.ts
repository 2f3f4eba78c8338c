/**
 * Stresses a primary that was taken for dead and wakes up: server and manager are stopped until another node leads, and go on with what they were doing. A broken
 * system has clients whom it answers then, with writes that are rewound a moment later.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { writeGap } from "../../harness/checkers/write-gap.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "pause-the-primary",
  title: "Stop the primary until another leads, and resume it",
  profile: "default",
  safety: "weekly",
  layout: "ha",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule: (random) => [{ fault: "pause-node", on: "postgres", atMs: random.integer(0, 1000), forMs: random.integer(14_000, 15_000) }],
  settleMs: 40_000,
  drainMs: 60_000,
  coverage: { operations: 500, operationsPerFault: 50, steady: true },
  claims: {
    "HA-13": [noAcknowledgedWriteLost],
    // The way in takes 2 s longer to find out than the managers, whose questions are refused and not left unanswered.
    "HA-4": [writeGap({ faults: ["pause-node"], f: "create", withinMs: 11_000 })],
    "LG-5": exactlyOnce({ boundMs: 15_000 }),
  },
} satisfies Experiment;
