/**
 * Stresses the balancer's health check, which is passive: an API instance is killed and stays away for seconds, while clients write what the balancer
 * sends to one instance only. A broken balancer goes on picking it, leaves it out for the first failure, or never takes it back when it is well.
 */
import { leavesThePool, returnsToThePool, triedAgainAfter } from "../../harness/checkers/balancer-pool.ts";
import { ejectedAfter } from "../../harness/checkers/ejected-after.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** The guide's max_fails=3 and fail_timeout=30s: an instance is left alone for 30 s, counted in whole seconds. */
const outMs = [30_000, 31_000] as const;
/** Three failures come within a second at this load; twice that on a busy machine. */
const ejectedWithinMs = 2000;

const path = "/api/v1/monitoring/live";
const leftOut = [triedAgainAfter({ fault: "kill", afterMs: outMs, ejectedWithinMs }), ejectedAfter({ fault: "kill", failures: 3 })];

export default {
  id: "eject-a-failing-instance",
  title: "An API instance fails, leaves the balancer's pool and returns",
  profile: "nightly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60, settings: { WRITE_SHARE: 0.4 } },
  schedule: (random) => {
    const on = `api-${random.integer(1, 2)}`;
    return [
      { fault: "kill", on, atMs: random.integer(0, 500), forMs: random.integer(7500, 9000) },
      // Once it is left out: one process of the balancer has had nearly all clients, and the others have to know what it knows.
      { fault: "ask-over-many-connections", on: "balancer", atMs: 3500, forMs: 1500, options: { connections: 24, everyMs: 25, path } },
      // While it is down: seconds in which the balancer would have asked it hundreds of times.
      { fault: "read-the-balancers-log", on, atMs: 5500, forMs: 0, options: { withinMs: outMs[0] } },
    ];
  },
  settleMs: 50_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "HA-7": [
      leavesThePool({ f: ["saveSession", "saveState"], fault: "kill", withinMs: ejectedWithinMs, retryMs: outMs[0] }),
      // It is well before its time outside is over, and the next request may take a second.
      returnsToThePool({ fault: "kill", withinMs: outMs[1] + 1000 }),
      ...leftOut,
    ],
    "AB-2": leftOut,
  },
} satisfies Experiment;
