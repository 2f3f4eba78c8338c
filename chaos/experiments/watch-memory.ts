/**
 * Stresses memory by nothing but work, and patience: two minutes of requests and runs without a fault, beside queries that take a minute and a half. A broken system keeps something of each of
 * them, such as a series of metrics, and its memory grows as steadily as it works; or it ends the wait in the balancer, whose read time-out is a minute where nobody sets it, or in the instance, and the work is done for
 * nobody. So short a time finds a leak of tens of kilobytes a request; `soak-without-faults` finds a smaller one.
 */
import { boundedGrowth } from "../../harness/checkers/growth.ts";
import { lateAnswersArrive } from "../../harness/checkers/late-answers.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Compilers and caches still take 2,000 to 4,200 MB an hour in the second minute. */
const growth = { gauge: "rssMb", atMostPerHour: 7200, leastMs: 90_000 };
/** What is told of requests is told by route: a series more now and then, when a status is seen for the first time, and not some for each request (50 a second are 180,000 an hour). */
const series = { gauge: "metricSeries", atMostPerHour: 36_000, leastMs: 90_000 };
const bounded = [growth, series].flatMap((of) => [boundedGrowth({ of: "api", ...of }), boundedGrowth({ of: "queue", ...of })]);
const workMs = 90_000;

export default {
  id: "watch-memory",
  title: "Two minutes of load without a fault: memory of every instance, and answers that take a minute and a half",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [
    {
      ...{ fault: "await-answers", on: "balancer", atMs: random.integer(0, 1000), forMs: 200 },
      // Fewer than the queue instances have places: the load's runs go on.
      options: { path: "/api/v1/query", body: JSON.stringify({ query: "why?", agent_type: "thinker", model: { ms: workMs } }), workMs, clients: 4 },
    },
  ],
  settleMs: 24_000,
  drainMs: 20_000,
  coverage: { operations: 5000, operationsPerFault: 200, steady: false },
  claims: { "AB-20": bounded, "AB-31": bounded, "AB-23": [lateAnswersArrive({ atLeastMs: workMs })] },
} satisfies Experiment;
