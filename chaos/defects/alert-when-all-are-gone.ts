/** Operators are warned when it has happened. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "alert-when-all-are-gone",
  claim: "HA-14",
  what: "The alert of the pool begins when the last connection is in use, instead of before.",
  edits: [
    {
      file: "metrics.ts",
      find: `      this.set(Math.ceil((db.gauges().limit * config.poolAlertPercent) / 100));`,
      replace: `      this.set(db.gauges().limit);`,
    },
  ],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
