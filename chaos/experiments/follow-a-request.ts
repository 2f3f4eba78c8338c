/**
 * Stresses what tells one request's way through many instances: requests with a trace of their own go through the balancer, and Redis goes away and comes back, so
 * that everybody has something to log. Then one instance is bereft of its collector of spans. A broken system begins another trace at the queue, or when work is done a
 * second time, writes lines that no machine can read, or has clients wait for a collector.
 */
import { logsOfOneShape } from "../../harness/checkers/looks.ts";
import { tracesAreWhole } from "../../harness/checkers/traces.ts";
import { collectorHarmsNothing } from "../../harness/checkers/without-collector.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const thread = "00000000-0000-4000-8000-000000000016";
const work = { input: { steps: 2, step_ms: 20 } };

export default {
  id: "follow-a-request",
  title: "Follow requests from the balancer to the queue, and read every log",
  profile: "nightly",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [
    { fault: "restart-redis", on: "redis", atMs: random.integer(0, 500), forMs: random.integer(1500, 2500) },
    {
      ...{ fault: "follow-requests", on: "traces", atMs: 6000 + random.integer(0, 500), forMs: 500 },
      options: {
        front: "api",
        setting: "OTEL_EXPORTER_OTLP_ENDPOINT",
        path: "/api/v1/runs",
        body: JSON.stringify(work),
        // The other ways to work at the queue.
        before: JSON.stringify([["/api/v1/threads", { id: thread }]]),
        others: JSON.stringify([
          [`/api/v1/threads/${thread}/runs`, work],
          ["/api/v1/query", { query: "why?", agent_type: "thinker", model: { ms: 20 } }],
        ]),
        longBody: JSON.stringify({ input: { steps: 4, step_ms: 1000 } }),
        loses: `api-${random.integer(1, 2)}`,
      },
    },
    { fault: "read-the-logs", on: "logs", atMs: 5000, forMs: 200, options: { fields: "level time instance role msg" } },
  ],
  settleMs: 45_000,
  drainMs: 20_000,
  coverage: { operations: 1500, operationsPerFault: 0, steady: true },
  claims: { "HS-16": [tracesAreWhole({ roles: ["api", "queue"] }), logsOfOneShape], "HS-22": [collectorHarmsNothing({ slowerByMs: 1000 })] },
} satisfies Experiment;
