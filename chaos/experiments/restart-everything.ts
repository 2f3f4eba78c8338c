/**
 * Stresses what outlives its server, and how it begins: all instances are started at once on an empty database, and later Postgres is killed and started again on its data, and then every instance is, each of which looks at the schema as at a first
 * start. A broken system makes its tables anew, or makes them once for each instance that starts, which ends some of them.
 */
import { doneOnce } from "../../harness/checkers/looks.ts";
import { servesAgain } from "../../harness/checkers/serves-again.ts";
import { monotonicReads, readYourWrites } from "../../harness/checkers/sessions.ts";
import { startedAtOnce } from "../../harness/checkers/started-at-once.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const session = { write: "saveSession", read: "readSession" };

export default {
  id: "restart-everything",
  title: "Start Postgres and then every instance again",
  profile: "nightly",
  topology: { api: 4, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60, settings: { WRITE_SHARE: 0.4 } },
  schedule: (random) => [
    { fault: "restart-postgres", on: "postgres", atMs: random.integer(0, 500), forMs: random.integer(1500, 2500), options: { mode: "kill" } },
    { fault: "rolling-restart", on: "api", atMs: 9000 + random.integer(0, 500), forMs: 500, options: { markDown: 1 } },
    { fault: "read-the-logs", on: "logs", atMs: 8000, forMs: 200, options: { fields: "msg", list: "applied" } },
  ],
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 1500, operationsPerFault: 0, steady: true },
  claims: {
    "HS-20": [startedAtOnce, doneOnce({ what: "migrations" }), readYourWrites(session), monotonicReads(session), servesAgain({ f: ["readSession"] })],
  },
} satisfies Experiment;
