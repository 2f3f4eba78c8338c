/**
 * Stresses memory and connections by work alone, for almost as long as one load script lasts. A broken system keeps something of each request or run, be it some
 * kilobytes, and its memory or its connections go on growing when everything is warm.
 */
import { boundedGrowth } from "../../harness/checkers/growth.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Connections change by whole ones: in an hour fewer than the pool holds. */
const connections = { gauge: "connections", atMostPerHour: 5, leastMs: 480_000 };
const memory = { gauge: "rssMb", atMostPerHour: 1200, leastMs: 480_000 };
/** A status that a route answers for the first time has some of its own. */
const series = { gauge: "metricSeries", atMostPerHour: 2000, leastMs: 480_000 };

export default {
  id: "soak-without-faults",
  title: "Nine minutes of load without a fault: memory and connections of every instance",
  profile: "soak",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: () => [],
  settleMs: 540_000,
  drainMs: 20_000,
  coverage: { operations: 30_000, operationsPerFault: 0, steady: false },
  claims: {
    "AB-20": [
      boundedGrowth({ ...memory, of: "api" }),
      boundedGrowth({ ...memory, of: "queue" }),
      boundedGrowth({ ...series, of: "api" }),
      boundedGrowth({ ...series, of: "queue" }),
      boundedGrowth({ ...connections, of: "postgres api" }),
      boundedGrowth({ ...connections, of: "postgres queue" }),
    ],
  },
} satisfies Experiment;
