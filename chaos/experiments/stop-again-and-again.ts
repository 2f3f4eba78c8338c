/**
 * Stresses the count of failures by deployments: two queue instances are told to stop in turn, again and again, so that a run which takes longer than an instance may go on after that is handed to and fro more often than it has retries. A
 * broken system takes each for a failure of the run, and ends in error what nothing is wrong with; or loses it on the way.
 */
import { endsInTime, givesBack } from "../../harness/checkers/drain.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { drainsCountForNothing } from "../../harness/checkers/leases-lost.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** From one signal to the next: whoever takes over what the other one gave back after 3 s is told to stop 2 s later, and so has it for 5 s (ms). */
const everyMs = 5000;
const times = 6;

export default {
  id: "stop-again-and-again",
  title: "Stop two queue instances in turn, more often than a run has retries",
  profile: "weekly",
  topology: { api: 2, queue: 2 },
  proxied: [],
  // A run of 9 s never ends within 5 s: one every three seconds, of which there are ten at most.
  load: { scenario: "create-and-wait", perSecond: 40, settings: { LONGER: JSON.stringify([{ share: 0.008, steps: 9, stepMs: 1000 }]) } },
  schedule: (random) => {
    const first = random.integer(0, 1);
    return Array.from({ length: times }, (_, i) => ({
      ...{ fault: "terminate", on: `queue-${1 + ((first + i) % 2)}`, atMs: i * everyMs + random.integer(0, 200), forMs: random.integer(300, 500) },
      options: { signal: random.pick(["SIGINT", "SIGTERM"]) },
    }));
  },
  settleMs: 30_000,
  drainMs: 40_000,
  coverage: { operations: 1500, operationsPerFault: 40, steady: true },
  claims: { "LG-6": [drainsCountForNothing({ retries: 3 })], "LG-9": [givesBack, endsInTime], "LG-5": exactlyOnce({ boundMs: 13_000 }) },
} satisfies Experiment;
