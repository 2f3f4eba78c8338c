/**
 * Stresses the failover that somebody does by hand: commits wait for the standby, which is cut off, the primary dies for good, and some seconds later the standby is promoted and the
 * instances' way leads to it. A broken system acknowledges what the standby never got, stays with the dead primary until it is restarted, or does a run's work twice because it
 * takes up again what it had been told was done.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { writesAfterPromotion } from "../../harness/checkers/writes-after-promotion.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "promote-the-standby",
  title: "Kill the primary for good and promote the standby by hand",
  profile: "weekly",
  safety: "weekly",
  layout: "standby",
  topology: { api: 2, queue: 2 },
  proxied: ["*->postgres"],
  load: { scenario: "create-and-wait", perSecond: 20 },
  schedule: (random) => [
    {
      ...{ fault: "promote-the-standby", on: "postgres", atMs: random.integer(0, 1000), forMs: 8000 },
      // The cut is shorter than any statement's patience; whoever promotes comes before callers are given up (5 s), or after it.
      options: { cutMs: random.integer(500, 1500), waitMs: random.integer(1000, 8000) },
    },
  ],
  settleMs: 40_000,
  drainMs: 60_000,
  coverage: { operations: 1000, operationsPerFault: 100, steady: true },
  claims: {
    "HA-3": [noAcknowledgedWriteLost, writesAfterPromotion({ fault: "promote-the-standby", withinMs: 5000 })],
    "LG-5": exactlyOnce({ boundMs: 15_000 }),
  },
} satisfies Experiment;
