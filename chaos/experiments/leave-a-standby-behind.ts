/**
 * Stresses the archive: a standby is away for longer than the primary keeps its log, under load, and comes back. A broken system has an archive in which that log is not, or a
 * standby that does not look there, which is behind for ever, and nobody knows before it is needed.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { standbyCatchesUp } from "../../harness/checkers/standby-catches-up.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "leave-a-standby-behind",
  title: "Keep a standby away until the primary has removed the log that it needs",
  profile: "nightly",
  layout: "standby",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule: (random) => [
    {
      ...{ fault: "leave-a-standby-behind", on: "pg-standby", atMs: random.integer(0, 1000), forMs: 500 },
      options: { from: "runproof_audit.transitions" },
    },
  ],
  settleMs: 5000,
  drainMs: 0,
  coverage: { operations: 100, operationsPerFault: 0, steady: false },
  claims: { "HA-19": [standbyCatchesUp, noAcknowledgedWriteLost] },
} satisfies Experiment;
