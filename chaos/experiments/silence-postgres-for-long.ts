/**
 * Stresses an outage that nobody is told of: for three budgets nothing comes from Postgres any more, and no connection to it is closed. A broken system waits for each answer anew,
 * keeps connections that are dead, takes silence for slowness and so itself for ready, or needs a restart when the database speaks again.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { failsFast, refusesClearly, unreadyButAlive } from "../../harness/checkers/outage.ts";
import { servesAgain } from "../../harness/checkers/serves-again.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "silence-postgres-for-long",
  title: "Nothing comes from Postgres for longer than the outage budget",
  profile: "weekly",
  proxied: ["*->postgres"],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [{ fault: "partition", on: "*->postgres", atMs: random.integer(0, 500), forMs: random.integer(14_000, 16_000) }],
  settleMs: 45_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-11": [
      // Whoever was sent into the silence is the one who may wait for ever.
      failsFast({ f: ["create"], underWay: ["create"] }),
      refusesClearly({ f: ["create"] }),
      unreadyButAlive,
      servesAgain({ f: ["create"] }),
      noAcknowledgedWriteLost,
    ],
    "LG-5": exactlyOnce({ boundMs: 12_000 }),
  },
} satisfies Experiment;
