/**
 * Stresses what is done to a database on purpose, and its helpers: the primary hands over, what leads clients to it dies, the store of the managers loses its leader and then
 * its majority. A broken system loses acknowledged writes, stays with a node that leads no more, or does not come back when its helpers do.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { oneWriter } from "../../harness/checkers/one-writer.ts";
import { writeGap } from "../../harness/checkers/write-gap.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "hand-over-the-primary",
  title: "Hand over the primary, and kill its way in and the managers' store",
  profile: "weekly",
  layout: "ha",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule: (random) => [
    { fault: "switch-over", on: "postgres", atMs: random.integer(0, 1000), forMs: 3000 },
    { fault: "kill-entry", on: "postgres", atMs: 22_000 + random.integer(0, 1000), forMs: random.integer(1500, 2500) },
    { fault: "kill-store", on: "store", atMs: 36_000 + random.integer(0, 1000), forMs: 4000 },
    { fault: "kill-store", on: "store", atMs: 54_000 + random.integer(0, 1000), forMs: 8000, options: { quorum: 1 } },
  ],
  settleMs: 40_000,
  drainMs: 60_000,
  coverage: { operations: 1000, operationsPerFault: 40, steady: true },
  claims: {
    "HA-3": [noAcknowledgedWriteLost],
    "HA-4": [writeGap({ faults: ["switch-over", "kill-entry"], f: "create", withinMs: 8000 }), oneWriter],
    "LG-5": exactlyOnce({ boundMs: 15_000 }),
  },
} satisfies Experiment;
