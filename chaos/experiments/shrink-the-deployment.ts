/**
 * Stresses scaling down: three of five queue instances are told to stop at once, in the middle of their work, and stay away for a while. A broken
 * system leaves what they could not finish to nobody, or to the sweeper.
 */
import { givesBack } from "../../harness/checkers/drain.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "shrink-the-deployment",
  title: "From five queue instances to two under load",
  profile: "nightly",
  topology: { api: 2, queue: 5 },
  proxied: [],
  // Some runs take longer than an instance may go on after the signal, so they have to be given back.
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 6, stepMs: 1000 }]) } },
  schedule: (random) =>
    random
      .shuffle(["queue-1", "queue-2", "queue-3", "queue-4", "queue-5"])
      .slice(0, 3)
      .map((on) => ({
        fault: "terminate",
        on,
        atMs: random.integer(0, 500),
        forMs: 12_000,
        options: { signal: random.pick(["SIGINT", "SIGTERM"]) },
      })),
  settleMs: 30_000,
  drainMs: 34_000,
  coverage: { operations: 1500, operationsPerFault: 300, steady: true },
  claims: { "HS-15": [noAcknowledgedWriteLost, givesBack, ...exactlyOnce({ boundMs: 11_000 })] },
} satisfies Experiment;
