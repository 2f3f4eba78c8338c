/**
 * Stresses patience to its end: queries that take nearly as long as an answer may. A broken system keeps its promise for a minute or two, until something on the way takes a
 * connection over which nothing moves for a dead one, and the work is done for nobody.
 */
import { lateAnswersArrive } from "../../harness/checkers/late-answers.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const workMs = 290_000;

export default {
  id: "await-the-latest-answers",
  title: "Answers that take nearly five minutes, through the balancer",
  profile: "weekly",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 20 },
  schedule: (random) => [
    {
      ...{ fault: "await-answers", on: "balancer", atMs: random.integer(0, 1000), forMs: 200 },
      // Fewer than the queue instances have places: the load's runs go on.
      options: { path: "/api/v1/query", body: JSON.stringify({ query: "why?", agent_type: "thinker", model: { ms: workMs } }), workMs, clients: 4 },
    },
  ],
  settleMs: 30_000,
  drainMs: 10_000,
  coverage: { operations: 5000, operationsPerFault: 90, steady: true },
  claims: { "AB-23": [lateAnswersArrive({ atLeastMs: workMs })] },
} satisfies Experiment;
