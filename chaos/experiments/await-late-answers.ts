/**
 * Stresses patience with slow work: queries that take a minute and a half are asked through the balancer beside the load of short runs. A broken system ends the
 * wait in the balancer, whose read time-out is a minute where nobody sets it, or in the instance, and the work is done for nobody.
 */
import { lateAnswersArrive } from "../../harness/checkers/late-answers.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const workMs = 90_000;

export default {
  id: "await-late-answers",
  title: "Answers that take a minute and a half, through the balancer",
  profile: "nightly",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [
    {
      fault: "await-answers",
      on: "balancer",
      atMs: random.integer(0, 1000),
      forMs: 200,
      // Fewer than the queue instances have places: the load's runs go on.
      options: { path: "/api/v1/query", body: JSON.stringify({ query: "why?", agent_type: "thinker", model: { ms: workMs } }), workMs, clients: 4 },
    },
  ],
  settleMs: 30_000,
  drainMs: 10_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "AB-23": [lateAnswersArrive({ atLeastMs: workMs })] },
} satisfies Experiment;
