/**
 * Stresses what synchronous replication promises when the standby falls silent: commits wait, their clients give up, and then the primary dies and the silent standby is
 * promoted. A broken system lets a commit that nobody has confirmed be seen, by not waiting at all, by giving up the wait or by reading back what it wrote itself, tells a client of it, and has lost it
 * a moment later.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { oneWriter } from "../../harness/checkers/one-writer.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "fail-over-after-silence",
  title: "The standby falls silent, then the primary dies",
  profile: "weekly",
  layout: "ha",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule(random) {
    // Statements are given up by their callers after 5 s.
    const killAtMs = random.integer(9000, 11_000);
    return [
      { fault: "cut-replication", on: "replication", atMs: 0, forMs: killAtMs + 12_000 },
      { fault: "kill-node", on: "postgres", atMs: killAtMs, forMs: 12_000, options: { waiting: 1 } },
    ];
  },
  settleMs: 40_000,
  drainMs: 60_000,
  coverage: { operations: 500, operationsPerFault: 0, steady: true },
  claims: { "HA-3": [noAcknowledgedWriteLost, oneWriter], "LG-5": exactlyOnce({ boundMs: 15_000 }) },
} satisfies Experiment;
