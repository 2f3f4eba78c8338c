/**
 * Stresses a failover by hand, as the guide describes it: an API instance is told to stop while it is in rotation, stays away, and is started again. A
 * broken system cuts off what the instance was answering, refuses what it is still sent over kept connections, goes on sending it clients, or does not find it again.
 */
import { leavesThePool, returnsToThePool } from "../../harness/checkers/balancer-pool.ts";
import { answersToItsEnd, underWayIsAnswered } from "../../harness/checkers/undisturbed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const stop = { f: ["turn"], fault: "terminate" };

export default {
  id: "fail-over-by-hand",
  title: "An API instance is stopped by hand and started again",
  profile: "nightly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "read-and-think", perSecond: 60 },
  schedule: (random) => [
    {
      fault: "terminate",
      on: `api-${random.integer(1, 2)}`,
      atMs: random.integer(0, 500),
      forMs: random.integer(5000, 6000),
      options: { signal: random.pick(["SIGTERM", "SIGINT"]) },
    },
  ],
  settleMs: 50_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "AB-9": [
      underWayIsAnswered(stop),
      // Also reads: most of what still comes are these, and the balancer passes an answer on whatever it says.
      answersToItsEnd({ f: ["turn", "peekSession"], fault: "terminate" }),
      // As with a failing instance: three refusals, for which 2 s are ample.
      leavesThePool({ ...stop, withinMs: 2000, retryMs: 30_000 }),
      returnsToThePool({ fault: "terminate", withinMs: 32_000 }),
    ],
  },
} satisfies Experiment;
