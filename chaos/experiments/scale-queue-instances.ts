/**
 * Measures scaling: sleep-bound runs arrive faster than four instances can execute them, and the number of queue instances grows from 1 to
 * 2 to 4 in one run. A broken system claims behind one global lock (throughput stays flat), or ignores its limit of concurrent runs.
 */
import { scaling } from "../../harness/checkers/scaling.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "scale-queue-instances",
  title: "Throughput of sleep-bound runs on 1, 2 and 4 queue instances",
  profile: "default",
  topology: { api: 2, queue: 1 },
  proxied: [],
  // 4 instances x 10 runs of 400 ms are 100 runs/s: 130/s keep them all busy.
  load: { scenario: "create-and-wait", perSecond: 130, settings: { LONGER: JSON.stringify([{ share: 1, steps: 1, stepMs: 400 }]), WAIT_MS: 0 } },
  schedule: () => [
    { fault: "scale", on: "queue", atMs: 7000, forMs: 0, options: { to: 2 } },
    { fault: "scale", on: "queue", atMs: 15_000, forMs: 0, options: { to: 4 } },
  ],
  settleMs: 8000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 0, steady: false },
  claims: { "LG-4": [scaling({ tolerance: 0.1, settleMs: 1500 })] },
} satisfies Experiment;
