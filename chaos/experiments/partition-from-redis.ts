/**
 * Stresses the heartbeat: one queue instance is cut from Redis for longer than its heartbeat time-out while it executes runs that are
 * longer still, then everybody is, and is asked for its health. A broken system lets two instances execute one run (the cut-off one does not stop itself), takes live
 * runs from everybody because no heartbeat can be read, does not go on when Redis is back, or keeps the places of what it had to leave.
 */
import { begunSoon } from "../../harness/checkers/begun-soon.ts";
import { withinConnectionBudget } from "../../harness/checkers/connection-budget.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { healthTold } from "../../harness/checkers/health-told.ts";
import { noneEndsByItself } from "../../harness/checkers/none-ends.ts";
import { liveRunKept } from "../../harness/checkers/requeue.ts";
import { noOldTransaction } from "../../harness/checkers/transaction-age.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "partition-from-redis",
  title: "Partition one queue instance, then everybody, from Redis",
  profile: "default",
  safety: "weekly",
  proxied: ["*->redis"],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 6, stepMs: 1000 }]) } },
  schedule(random, topology) {
    const victim = `queue-${random.integer(1, topology.queue ?? 1)}`;
    return [
      { fault: "partition", on: `${victim}->redis`, atMs: random.integer(0, 500), forMs: random.integer(7500, 8500) },
      // So long after the first that what the health pages say is of this one.
      { fault: "partition", on: "*->redis", atMs: 14_000 + random.integer(0, 500), forMs: 15_000, options: { page: "/api/v1/health" } },
    ];
  },
  settleMs: 30_000,
  drainMs: 41_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-5": exactlyOnce({ boundMs: 12_000 }),
    "LG-8": [liveRunKept],
    "FR-3": [begunSoon({ withinMs: 3000 })],
    "FR-7": [noneEndsByItself],
    "HA-12": [healthTold({ components: ["redis"], toldWithinMs: 2500, answerWithinMs: 1500 })],
    // Runs of 6 s are three times as long as a transaction may be.
    "LG-7": [noOldTransaction({ anyLoad: true })],
    "HA-5": [withinConnectionBudget()],
  },
} satisfies Experiment;
