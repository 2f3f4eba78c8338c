/**
 * Stresses the front: an API instance is killed with SIGKILL in the middle of its answers, and comes back under the same name. A broken system
 * lets clients see it: requests that could have gone elsewhere fail, creations are made twice, or nobody sends the instance work again.
 */
import { availability, noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { noneEndsByItself } from "../../harness/checkers/none-ends.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "kill-an-api-instance",
  title: "Kill an API instance under load",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 60 },
  schedule: (random, topology) => [
    { fault: "kill", on: `api-${random.integer(1, topology.api ?? 1)}`, atMs: random.integer(0, 500), forMs: random.integer(2500, 3500) },
  ],
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 20_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "HA-2": [
      availability({ f: ["create"], atLeast: 0.99, fault: "kill", p95AddedMs: 500 }),
      availability({ f: ["wait"], atLeast: 0.99, fault: "kill" }),
      noAcknowledgedWriteLost,
      noneEndsByItself,
    ],
    "LG-5": exactlyOnce({ boundMs: 8000 }),
  },
} satisfies Experiment;
