/**
 * Stresses the fencing of a primary: its manager dies and it goes on taking writes, or all of it is stopped and wakes up when another leads. Replication is asynchronous, so
 * that nothing but the way in keeps clients from it. A broken system leaves clients with the old primary, which acknowledges writes that nobody will find again.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { oneWriter } from "../../harness/checkers/one-writer.ts";
import { writeGap } from "../../harness/checkers/write-gap.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "orphan-the-primary",
  title: "Kill the manager of the primary, which goes on",
  profile: "nightly",
  safety: "weekly",
  layout: "ha-async",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule: (random) => [{ fault: "kill-manager", on: "postgres", atMs: random.integer(0, 1000), forMs: random.integer(12_000, 13_000) }],
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 500, operationsPerFault: 50, steady: true },
  claims: {
    "HA-13": [oneWriter, noAcknowledgedWriteLost],
    "HA-4": [writeGap({ faults: ["kill-manager"], f: "create", withinMs: 9000 })],
  },
} satisfies Experiment;
