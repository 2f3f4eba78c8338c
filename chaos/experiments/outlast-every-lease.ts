/**
 * Stresses long work without any fault: among many short runs some take four heartbeat time-outs, and a few eight. A broken system takes them for dead
 * while they live and executes them again, or keeps something of theirs open in Postgres all the time.
 */
import { withinConnectionBudget } from "../../harness/checkers/connection-budget.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { nothingGivenBack } from "../../harness/checkers/given-back.ts";
import { outlasted } from "../../harness/checkers/outlasted.ts";
import { liveRunKept } from "../../harness/checkers/requeue.ts";
import { noLockHeld, noOldTransaction } from "../../harness/checkers/transaction-age.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** 0.5 runs/s of 22 s and 0.15 of 42 s hold seventeen of thirty slots; the short ones need six. */
const longer = [
  { share: 0.01, steps: 11, stepMs: 2000 },
  { share: 0.003, steps: 21, stepMs: 2000 },
];

export default {
  id: "outlast-every-lease",
  title: "Runs of four and of eight heartbeat time-outs, and no fault",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify(longer) } },
  schedule: () => [],
  settleMs: 60_000,
  drainMs: 45_000,
  coverage: { operations: 2000, operationsPerFault: 0, steady: false },
  claims: {
    "FR-1": [
      ...exactlyOnce({ boundMs: 48_000 }),
      liveRunKept,
      nothingGivenBack,
      outlasted({ times: 3, atLeast: 10 }),
      outlasted({ times: 8, atLeast: 1 }),
    ],
    "LG-7": [noOldTransaction(), noLockHeld(), outlasted({ times: 3, atLeast: 10 })],
    // A minute without a fault, and without the demand that overruns the pool elsewhere.
    "HA-5": [withinConnectionBudget()],
  },
} satisfies Experiment;
