/**
 * Stresses asynchronous replication over a long way, as between regions: what the standbys get is a quarter of a second old, and the primary dies. A broken system loses more than
 * was on its way, or has nobody who goes on.
 */
import { lossWithin } from "../../harness/checkers/loss-within.ts";
import { writeGap } from "../../harness/checkers/write-gap.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const delayMs = 250;
/** What a standby is behind anyway. */
const behindMs = 1000;

export default {
  id: "lose-a-distant-primary",
  title: "Delay asynchronous replication, then kill the primary",
  profile: "weekly",
  layout: "ha-async",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 20 },
  schedule(random) {
    const killAtMs = random.integer(5000, 6000);
    return [
      { fault: "cut-replication", on: "replication", atMs: 0, forMs: killAtMs + 12_000, options: { latencyMs: delayMs } },
      { fault: "kill-node", on: "postgres", atMs: killAtMs, forMs: 12_000 },
    ];
  },
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 500, operationsPerFault: 100, steady: true },
  claims: {
    "HA-15": [lossWithin({ kill: "kill-node", withinMs: delayMs + behindMs }), writeGap({ faults: ["kill-node"], f: "create", withinMs: 8000 })],
  },
} satisfies Experiment;
