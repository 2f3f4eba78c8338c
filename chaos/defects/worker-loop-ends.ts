/** The worker stays "healthy" and consumes nothing. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "worker-loop-ends",
  claim: "FR-7",
  what: "A queue instance that finds Redis away once ends its loop and claims nothing any more.",
  edits: [
    {
      file: "runs/queue.ts",
      find: `          const claim = await claimRuns(`,
      replace: `          if (redis.client.status !== "ready") return;
          const claim = await claimRuns(`,
    },
  ],
  caughtBy: ["lose-redis"],
} satisfies Defect;
