/**
 * Stresses the retries of statements: a third of all writes of runs, batches of tokens among them, meet what passes: a serialisation failure, a deadlock, a session that an administrator ended, a connection that broke. A broken system passes
 * on to its clients what sending the statement again would have mended, or lets it cost a run its attempt.
 */
import { availability, noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { transientErrorsAbsorbed } from "../../harness/checkers/retries.ts";
import type { Experiment } from "../../harness/core/experiment.ts";
import { passing } from "../../harness/core/sqlstates.ts";

export default {
  id: "repeat-statements",
  title: "A third of all writes meet a transient error of Postgres",
  profile: "nightly",
  proxied: [],
  load: {
    ...{ scenario: "create-and-wait", perSecond: 50 },
    settings: { LONGER: JSON.stringify([{ share: 0.15, steps: 2, stepMs: 150, tokens: 6 }]) },
  },
  schedule: (random) =>
    ["insert", "update"].map((write, i) => ({
      ...{ fault: "inject-sqlstate", on: "postgres", atMs: i * 7000 + random.integer(0, 500), forMs: random.integer(3500, 4000) },
      options: { table: "runs", write, percent: 33, seed: random.integer(0, 1_000_000), sqlstate: passing },
    })),
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-14": [
      availability({ f: ["create"], atLeast: 0.99, fault: "inject-sqlstate" }),
      availability({ f: ["wait"], atLeast: 0.99, fault: "inject-sqlstate" }),
      transientErrorsAbsorbed,
      noAcknowledgedWriteLost,
    ],
    "LG-5": exactlyOnce({ boundMs: 9000 }),
  },
} satisfies Experiment;
