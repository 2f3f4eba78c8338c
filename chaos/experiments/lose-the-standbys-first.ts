/**
 * Stresses the choice between being there and losing nothing: the primary loses all its standbys and goes on alone, as it was told to, and then it dies. Nobody has what it
 * acknowledged meanwhile, so the right answer is to promote nobody and to wait for it; a broken system promotes a standby and loses the rest.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { nobodyPromoted } from "../../harness/checkers/nobody-promoted.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "lose-the-standbys-first",
  title: "The primary loses its standbys, then dies",
  profile: "weekly",
  layout: "ha",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule(random) {
    // The manager lets it go on alone within two of its loops.
    const killAtMs = random.integer(6000, 7000);
    return [
      { fault: "cut-replication", on: "replication", atMs: 0, forMs: killAtMs + 12_000, options: { closed: 1 } },
      { fault: "kill-node", on: "postgres", atMs: killAtMs, forMs: 12_000, options: { alone: 1 } },
    ];
  },
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 500, operationsPerFault: 0, steady: true },
  claims: { "HA-3": [noAcknowledgedWriteLost, nobodyPromoted({ kill: "kill-node" })] },
} satisfies Experiment;
