/**
 * Stresses a rolling update: one API instance after another is marked down at the balancer, left by its clients, stopped and started again, while turns
 * that nobody sends twice are under way on all of them. A broken system cuts off what is under way, or sends clients to an instance that is gone.
 */
import { noneFailed } from "../../harness/checkers/undisturbed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "roll-the-api",
  title: "Rolling update of the API instances under load",
  profile: "nightly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "read-and-think", perSecond: 60 },
  schedule: (random) => [
    {
      fault: "rolling-restart",
      on: "api",
      atMs: random.integer(0, 500),
      forMs: 500,
      options: { markDown: 1, signal: random.pick(["SIGTERM", "SIGINT"]) },
    },
  ],
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "AB-10": [noneFailed({ f: ["turn", "peekSession"], fault: "rolling-restart" })] },
} satisfies Experiment;
