/**
 * Stresses what retries are not for: a step of some runs, by their id, meets an error of Postgres that says that the statement itself is wrong, in every attempt. A broken
 * system executes such a run again, with its effects, or goes on sending the statement until it calls the error an outage.
 */
import { permanentErrorsFinal } from "../../harness/checkers/retries.ts";
import type { Experiment } from "../../harness/core/experiment.ts";
import { final } from "../../harness/core/sqlstates.ts";

export default {
  id: "fail-for-good",
  title: "Attempts fail on permanent errors of Postgres",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [
    {
      ...{ fault: "inject-sqlstate", on: "postgres", atMs: random.integer(0, 500), forMs: random.integer(9000, 10_000) },
      options: {
        ...{ table: "runs", write: "update" },
        when: "new.status in ('running', 'success') and new.step > old.step and mod(abs(hashtext(new.id::text)), 1000) < 50",
        // A run meets the same error in every attempt, and whenever its statement is sent again.
        ...{ sqlstate: final, by: "abs(hashtext(new.id::text))" },
      },
    },
  ],
  settleMs: 30_000,
  drainMs: 20_000,
  coverage: { operations: 1500, operationsPerFault: 400, steady: true },
  claims: { "LG-6": [permanentErrorsFinal] },
} satisfies Experiment;
