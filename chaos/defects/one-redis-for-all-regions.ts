/** A configuration that was copied from the first region to the others. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "one-redis-for-all-regions",
  claim: "HA-22",
  what: "The instances of every region depend on the Redis of the first.",
  edits: [
    {
      file: "deploy/regions.ts",
      find: "return own;",
      replace: "return { ...own, redis: [...regions.values()][0]?.redis ?? own.redis };",
    },
  ],
  caughtBy: ["lose-a-region"],
} satisfies Defect;
