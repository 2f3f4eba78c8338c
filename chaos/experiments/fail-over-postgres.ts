/**
 * Stresses the loss of the database itself: the primary of three nodes is killed, with its manager or alone, again and again at the seed's moments, while a commit waits for
 * a standby. A broken system loses what it has acknowledged, promotes nobody, leads its clients to a node that does not lead, or does a run's work twice
 * because it takes up again what it was told had been done.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { oneWriter } from "../../harness/checkers/one-writer.ts";
import { writeGap } from "../../harness/checkers/write-gap.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "fail-over-postgres",
  title: "Kill the primary of a synchronously replicated Postgres",
  profile: "nightly",
  safety: "weekly",
  layout: "ha",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule: (random) =>
    random.shuffle(["kill-node", "kill-node", "kill-postmaster"]).map((fault, i) => ({
      fault,
      on: "postgres",
      // Everywhere within the manager's loop of a second.
      atMs: i * 30_000 + random.integer(0, 1000),
      // Beyond the time after which the others give it up.
      forMs: fault === "kill-node" ? 12_000 : 5000,
    })),
  settleMs: 40_000,
  drainMs: 60_000,
  coverage: { operations: 1000, operationsPerFault: 50, steady: true },
  claims: {
    "LG-12": [writeGap({ faults: ["kill-node", "kill-postmaster"], f: "create", withinMs: 8000 }), noAcknowledgedWriteLost],
    "HA-3": [noAcknowledgedWriteLost],
    "HA-4": [writeGap({ faults: ["kill-node", "kill-postmaster"], f: "create", withinMs: 8000 }), oneWriter],
    "LG-5": exactlyOnce({ boundMs: 15_000 }),
  },
} satisfies Experiment;
