/** What ioredis does unless it is told: whoever is connected stays with the old server for as long as that answers. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "replaced-redis-unnoticed",
  claim: "LG-8",
  what: "Instances are not told when sentinels have promoted another Redis, and go on with the one that they are connected to.",
  edits: [{ file: "store/redis-address.ts", find: `failoverDetector: true`, replace: `failoverDetector: false` }],
  caughtBy: ["fail-over-redis"],
} satisfies Defect;
