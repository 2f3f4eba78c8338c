/**
 * Measures what a failover costs: the primary of three nodes is killed five times, each at another moment of its manager's loop and of the leader's lease, and the times without an
 * acknowledged write make a distribution. A broken system promotes late now and then, or never.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { oneWriter } from "../../harness/checkers/one-writer.ts";
import { writeGap } from "../../harness/checkers/write-gap.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "fail-over-five-times",
  title: "Kill the primary of a synchronously replicated Postgres five times",
  profile: "weekly",
  layout: "ha",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 20 },
  schedule: (random) =>
    // An old primary follows again up to 14 s after it was started, and until it does nobody may be promoted.
    Array.from({ length: 5 }, (_, i) => ({ fault: "kill-node", on: "postgres", atMs: i * 40_000 + random.integer(0, 3000), forMs: 9000 })),
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 3000, operationsPerFault: 100, steady: true },
  claims: {
    "HA-3": [noAcknowledgedWriteLost],
    "HA-4": [writeGap({ faults: ["kill-node"], f: "create", withinMs: 8000 }), oneWriter],
  },
} satisfies Experiment;
