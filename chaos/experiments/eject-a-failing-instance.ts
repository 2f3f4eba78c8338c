/**
 * Stresses the balancer's health check, which is passive: an API instance is killed and stays away for seconds, while clients write what the balancer
 * sends to one instance only. A broken balancer goes on picking it, leaves it out for the first failure, or never takes it back when it is well.
 */
import { leavesThePool, returnsToThePool, triedAgainAfter } from "../../harness/checkers/balancer-pool.ts";
import { ejectedAfter } from "../../harness/checkers/ejected-after.ts";
import { failuresShared } from "../../harness/checkers/failures-shared.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** The guide's max_fails=3 and fail_timeout=30s: an instance is left alone for 30 s, counted in whole seconds. */
const outMs = [30_000, 31_000] as const;
/** Three failures come within a second at this load; twice that on a busy machine. */
const ejectedWithinMs = 2000;

const failures = 3;
const path = "/api/v1/monitoring/live";
const leftOut = [
  triedAgainAfter({ fault: "kill", afterMs: outMs, ejectedWithinMs }),
  ejectedAfter({ fault: "kill", failures }),
  failuresShared({ failures }),
];

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
      // From before it is down, so that each process of another balancer has clients by then.
      { fault: "fail-one-after-another", on, atMs: 0, forMs: 100, options: { connections: 24, requests: 80, path } },
      { fault: "kill", on, atMs: 2500 + random.integer(0, 500), forMs: random.integer(7000, 9000) },
      // While it is down: seconds in which the balancer would have asked it hundreds of times.
      { fault: "read-the-balancers-log", on, atMs: 7000, forMs: 0, options: { withinMs: outMs[0] } },
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
