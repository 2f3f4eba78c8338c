/**
 * Stresses the hand-over of a run through Redis: it is killed while creates, then claims, then completions are held up inside Postgres, so that each has begun
 * before and goes on after. A broken system leaves a run to a message that was never sent, or fails what it cannot tell of.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { nothingGivenBack } from "../../harness/checkers/given-back.ts";
import { lostRuns } from "../../harness/checkers/lost-runs.ts";
import { noneFails } from "../../harness/checkers/none-fails.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** A claim takes several runs in one statement, each of which is held up. */
const steps = [
  { write: "insert", when: "true", delayMs: 200 },
  { write: "update", when: "new.status = 'running' and old.status = 'pending'", delayMs: 40 },
  { write: "update", when: "new.status = 'success'", delayMs: 200 },
] as const;
const everyMs = 7000;

export default {
  id: "kill-redis-between-steps",
  title: "Kill Redis in the middle of creates, claims and completions",
  profile: "nightly",
  safety: "weekly",
  proxied: [],
  // Some take longer than a lease: who cannot beat after Redis is back never ends them.
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 7, stepMs: 1000 }]) } },
  schedule: (random) =>
    steps.flatMap((options, i) => [
      { fault: "slow-writes", on: "postgres", atMs: i * everyMs, forMs: 3500, options: { table: "runs", ...options } },
      { fault: "restart-redis", on: "redis", atMs: i * everyMs + random.integer(1000, 2000), forMs: random.integer(500, 1000) },
    ]),
  settleMs: 30_000,
  drainMs: 40_000,
  coverage: { operations: 2000, operationsPerFault: 100, steady: true },
  claims: { "FR-8": [lostRuns({ boundMs: 9000 }), noneFails, nothingGivenBack, noAcknowledgedWriteLost] },
} satisfies Experiment;
