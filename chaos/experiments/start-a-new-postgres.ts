/**
 * Stresses nothing but belief: a Postgres is started for the first time, and after a crash, while the deployment's check of its database is asked whether it can be used. A broken
 * check, such as pg_isready at the socket, says yes to the temporary server of the first start, which nobody can reach.
 */
import { databaseCheckTellsTheTruth } from "../../harness/checkers/database-check.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "start-a-new-postgres",
  title: "Ask the deployment's check of Postgres during a first start and a recovery",
  profile: "nightly",
  topology: { api: 1, queue: 1 },
  layout: "single",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 10 },
  schedule: (random) =>
    [0, 25_000].map((atMs) => ({
      fault: "start-a-new-postgres",
      on: "a new Postgres",
      atMs: atMs + random.integer(0, 1000),
      forMs: 200,
      options: { manifest: "deploy/kubernetes/dependencies.yaml" },
    })),
  settleMs: 5000,
  drainMs: 20_000,
  coverage: { operations: 200, operationsPerFault: 0, steady: false },
  claims: { "HA-21": [databaseCheckTellsTheTruth] },
} satisfies Experiment;
