/**
 * Stresses what the pool says of itself: first under a load that fills it, then while an outsider's lock lets no statement end, so that every connection is in use
 * and callers are refused; in the end whoever watches is asked what the dashboard asks. A broken system tells of other connections than Postgres counts, says nothing before its callers are refused, or keeps what it opened for a crowd.
 */
import { alertRaised } from "../../harness/checkers/alert-raised.ts";
import { dashboardAnswers } from "../../harness/checkers/dashboard-answers.ts";
import { overflowClosed } from "../../harness/checkers/overflow-closed.ts";
import { warnedBeforeExhaustion } from "../../harness/checkers/pool-alert.ts";
import { overflowTold, poolSizeTold, poolUseTold } from "../../harness/checkers/pool-gauges.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const size = 7;

export default {
  id: "watch-the-pool",
  title: "Compare the pool's gauges with Postgres while the pool is used up",
  profile: "nightly",
  topology: { api: 2, queue: 0 },
  // Together as many as are declared.
  settings: { api: { POOL_SIZE: String(size), POOL_OVERFLOW: "3" } },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60, settings: { WRITE_SHARE: 0.6 } },
  // Longer than callers wait for a connection: some have to be refused. Not the table of runs, which the sampler itself looks at.
  schedule: (random) => [
    {
      ...{ fault: "watch-the-alert", on: "api", atMs: 0, forMs: 100 },
      options: {
        rules: "deploy/observability/rules.yaml",
        page: "/metrics",
        alert: "PostgresPoolNearlyUsedUp",
        overMs: 27_000,
        dashboard: "deploy/observability/dashboard.json",
      },
    },
    { fault: "hold-lock", on: "postgres", atMs: random.integer(7500, 8000), forMs: random.integer(8000, 8500), options: { table: "sessions" } },
  ],
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 1200, operationsPerFault: 150, steady: true },
  claims: {
    "HA-14": [
      poolSizeTold,
      poolUseTold("hold-lock"),
      overflowTold({ size, fault: "hold-lock" }),
      warnedBeforeExhaustion({ fault: "hold-lock", share: 0.8 }),
      alertRaised({ fault: "hold-lock", share: 0.8 }),
    ],
    "HA-5": [overflowClosed({ size, fault: "hold-lock" })],
    "AB-17": [dashboardAnswers({ perInstance: ["http_requests_total", "http_request_duration_seconds_bucket"] })],
  },
} satisfies Experiment;
