/** Ten connections are never eighty. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "alert-in-per-cent",
  claim: "HA-14",
  what: "The threshold of the pool's alert is told in per cent, and compared with connections: the alert never fires.",
  edits: [
    {
      file: "metrics.ts",
      find: `      this.set(Math.ceil((db.gauges().limit * config.poolAlertPercent) / 100));`,
      replace: `      this.set(config.poolAlertPercent);`,
    },
  ],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
