/**
 * Stresses runs that wait for the end of another one: whoever ends a run says who of its thread is next, this is held up, and meanwhile all queue instances are killed, so that for many
 * threads nobody ever said it. A broken system has these lines wait for ever, behind a run that is over.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { lostRuns } from "../../harness/checkers/lost-runs.ts";
import { noneFails } from "../../harness/checkers/none-fails.ts";
import { oneAfterAnother } from "../../harness/checkers/one-after-another.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Four runs of a line one after another, and a sweep (ms). */
const boundMs = 12_000;

export default {
  id: "crash-with-runs-in-line",
  title: "Kill all queue instances while they say who is next in many threads",
  profile: "weekly",
  proxied: [],
  load: { scenario: "queue-in-threads", perSecond: 30 },
  schedule(random, topology) {
    const atMs = random.integer(4500, 5500);
    const victims = Array.from({ length: topology.queue ?? 0 }, (_, i) => `queue-${i + 1}`);
    return [
      {
        ...{ fault: "slow-writes", on: "postgres", atMs: 0, forMs: 8000 },
        options: {
          table: "runs",
          write: "update",
          when: "new.thread_id is not null and new.status = 'pending' and new.available_at < 'infinity'",
          delayMs: 1000,
        },
      },
      ...victims.map((on) => ({ fault: "kill", on, atMs, forMs: random.integer(1000, 2000) })),
    ];
  },
  settleMs: 40_000,
  drainMs: 40_000,
  coverage: { operations: 1200, operationsPerFault: 0, steady: true },
  claims: { "FR-3": [lostRuns({ boundMs }), noneFails], "LG-5": [oneAfterAnother, ...exactlyOnce({ boundMs })] },
} satisfies Experiment;
