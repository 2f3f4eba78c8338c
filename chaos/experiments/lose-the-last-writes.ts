/**
 * Stresses asynchronous replication: the standbys hear nothing more of the primary for seconds, and then it dies. What it acknowledged meanwhile is lost, which is
 * measured; a broken system loses more than that, such as what a standby had confirmed, or what was acknowledged by a node that led no more.
 */
import { lossWindow } from "../../harness/checkers/loss-window.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const loss = lossWindow({ cut: "cut-replication", kill: "kill-node" });

export default {
  id: "lose-the-last-writes",
  title: "Cut asynchronous replication, then kill the primary",
  profile: "nightly",
  safety: "weekly",
  layout: "ha-async",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule(random) {
    const killAtMs = random.integer(2000, 3000);
    return [
      { fault: "cut-replication", on: "replication", atMs: 0, forMs: killAtMs + 12_000 },
      { fault: "kill-node", on: "postgres", atMs: killAtMs, forMs: 12_000 },
    ];
  },
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 500, operationsPerFault: 50, steady: true },
  claims: { "HA-3": [loss], "HA-15": [loss] },
} satisfies Experiment;
