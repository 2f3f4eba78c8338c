/**
 * Stresses a cold start: everything that was running is stopped, and all instances are there before their database is, as when a machine boots. A broken
 * instance ends because nobody answers it, says that it is ready when it can serve nobody, or never looks again.
 */

import { servesAgain } from "../../harness/checkers/serves-again.ts";
import { aliveWithoutDatabase, startsInAnyOrder } from "../../harness/checkers/start-order.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "start-in-the-wrong-order",
  title: "Every instance is started before Postgres",
  profile: "nightly",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [
    {
      fault: "start-before-postgres",
      on: "postgres",
      atMs: random.integer(0, 1000),
      forMs: 200,
      options: { live: "/api/v1/monitoring/live", aloneMs: random.integer(2000, 4000) },
    },
  ],
  settleMs: 45_000,
  drainMs: 20_000,
  // Nobody serves meanwhile.
  coverage: { operations: 1500, operationsPerFault: 0, steady: true },
  claims: { "HS-2": [startsInAnyOrder({ boundMs: 5000 }), servesAgain({ f: ["create"] })], "AB-8": [aliveWithoutDatabase] },
} satisfies Experiment;
