/**
 * Stresses memory by nothing but work: two minutes of requests and runs without a fault. A broken system keeps something of each of them, and its memory grows as
 * steadily as it works. So short a time finds a leak of tens of kilobytes a request; `soak-without-faults` finds a smaller one.
 */
import { boundedGrowth } from "../../harness/checkers/growth.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Compilers and caches still take about 3,000 MB an hour in the second minute. */
const growth = { gauge: "rssMb", atMostPerHour: 5400, leastMs: 90_000 };
const bounded = [boundedGrowth({ of: "api", ...growth }), boundedGrowth({ of: "queue", ...growth })];

export default {
  id: "watch-memory",
  title: "Two minutes of load without a fault: memory of every instance",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: () => [],
  settleMs: 115_000,
  drainMs: 20_000,
  coverage: { operations: 5000, operationsPerFault: 0, steady: false },
  claims: { "AB-20": bounded, "AB-31": bounded },
} satisfies Experiment;
