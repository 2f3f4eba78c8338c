/**
 * Stresses backups: a database is copied under load, another node takes over, and a server is restored from the copy and the archive to a moment of after the takeover. A broken
 * system has an archive with holes, or one that ends where the old primary did, or restores to another moment than it was told.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { restoredToOneMoment } from "../../harness/checkers/restored.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "restore-a-backup",
  title: "Back up, hand over, and restore to one moment",
  profile: "weekly",
  layout: "ha",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule: (random) => [
    {
      ...{ fault: "restore-a-backup", on: "postgres", atMs: random.integer(0, 1000), forMs: 1000 },
      options: { switchover: 1, from: "runproof_audit.transitions" },
    },
  ],
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 500, operationsPerFault: 40, steady: true },
  claims: { "LG-12": [restoredToOneMoment, noAcknowledgedWriteLost] },
} satisfies Experiment;
