/**
 * Stresses what tells instances apart: one API instance is stopped for most of the time in short turns, so that clients feel it now and then. A broken system gives
 * answers under a name that is not that of the instance which gave them, and nobody can say which one to look at.
 */
import { lagShown } from "../../harness/checkers/lag-shown.ts";
import { slowInstanceNamed } from "../../harness/checkers/slow-named.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "slow-one-instance",
  title: "One slow API instance among three",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60 },
  // In turns: who goes by open connections sends the slow one little, and hides it.
  schedule: (random) => [
    { fault: "reload-balancer", on: "balancer", atMs: random.integer(0, 500), forMs: 13_000, options: { balancing: "round_robin" } },
    {
      ...{ fault: "slow-instance", on: `api-${random.integer(1, 3)}`, atMs: 2000, forMs: random.integer(8500, 9000) },
      options: { periodMs: 400, stoppedPercent: 75 },
    },
  ],
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "AB-19": [slowInstanceNamed({ fault: "slow-instance", role: "api" })],
    "AB-31": [slowInstanceNamed({ fault: "slow-instance", role: "api" }), lagShown("slow-instance")],
  },
} satisfies Experiment;
