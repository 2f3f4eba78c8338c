/** A worker takes its count with it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "counted-by-who-has-gone",
  claim: "AB-17",
  what: "What a worker has counted is told no more when it has been replaced.",
  edits: [
    {
      file: "workers/instance-metrics.ts",
      find: "      retired = retired.then((sum) => AggregatorRegistry.aggregate([sum, counted]).getMetricsAsJSON());",
      replace: "      if (counted.length < 0) retired = Promise.resolve(counted);",
    },
  ],
  caughtBy: ["recycle-workers"],
} satisfies Defect;
