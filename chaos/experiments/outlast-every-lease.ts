/**
 * Stresses long work without any fault: among many short runs some take three heartbeat time-outs and more. A broken system takes them for dead
 * while they live and executes them again, or keeps something of theirs open in Postgres all the time.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { outlasted } from "../../harness/checkers/outlasted.ts";
import { liveRunKept } from "../../harness/checkers/requeue.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "outlast-every-lease",
  title: "Runs of three heartbeat time-outs, and no fault",
  profile: "nightly",
  proxied: [],
  // 0.6 runs/s of 16 s hold ten of thirty slots; the short ones need six.
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.012, steps: 8, stepMs: 2000 }]) } },
  schedule: () => [],
  settleMs: 40_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 0, steady: false },
  claims: { "FR-1": [...exactlyOnce({ boundMs: 22_000 }), liveRunKept, outlasted({ times: 3, atLeast: 10 })] },
} satisfies Experiment;
