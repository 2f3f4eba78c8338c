/**
 * Stresses the other choice between being there and losing nothing: a primary under strict synchronous replication loses all its standbys for a while. The right answer is to acknowledge
 * nothing until one is back; a broken system goes on alone, and would lose all of it with the primary.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { nothingAcknowledged } from "../../harness/checkers/nothing-acknowledged.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "refuse-without-standbys",
  title: "A strictly synchronous primary loses its standbys for a while",
  profile: "weekly",
  layout: "ha-strict",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule: (random) => [
    { fault: "cut-replication", on: "replication", atMs: random.integer(0, 1000), forMs: random.integer(10_000, 12_000), options: { closed: 1 } },
  ],
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 500, operationsPerFault: 20, steady: true },
  claims: { "HA-3": [nothingAcknowledged({ during: "cut-replication", f: "create" }), noAcknowledgedWriteLost] },
} satisfies Experiment;
