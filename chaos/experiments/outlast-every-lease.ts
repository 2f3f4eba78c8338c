/**
 * Stresses long work without any fault: among many short runs some take three heartbeat time-outs and more. A broken system takes them for dead
 * while they live and executes them again, or keeps something of theirs open in Postgres all the time.
 */
import { withinConnectionBudget } from "../../harness/checkers/connection-budget.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { outlasted } from "../../harness/checkers/outlasted.ts";
import { liveRunKept } from "../../harness/checkers/requeue.ts";
import { noLockHeld, noOldTransaction } from "../../harness/checkers/transaction-age.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "outlast-every-lease",
  title: "Runs of three heartbeat time-outs, and no fault",
  profile: "nightly",
  proxied: [],
  // 0.5 runs/s of 22 s hold eleven of thirty slots; the short ones need six.
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.01, steps: 11, stepMs: 2000 }]) } },
  schedule: () => [],
  settleMs: 60_000,
  drainMs: 35_000,
  coverage: { operations: 2000, operationsPerFault: 0, steady: false },
  claims: {
    "FR-1": [...exactlyOnce({ boundMs: 28_000 }), liveRunKept, outlasted({ times: 3, atLeast: 10 })],
    "LG-7": [noOldTransaction(), noLockHeld(), outlasted({ times: 3, atLeast: 10 })],
    // A minute without a fault, and without the demand that overruns the pool elsewhere.
    "HA-5": [withinConnectionBudget()],
  },
} satisfies Experiment;
