/** Whoever watches the pool sees it emptier the more it is wanted. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "waiting-hides-use",
  claim: "HA-14",
  what: "The gauge of connections in use is lessened by the callers that wait for one.",
  edits: [
    {
      file: "store/postgres.ts",
      find: `      checkedOut: pool.totalCount - pool.idleCount,`,
      replace: `      checkedOut: Math.max(0, pool.totalCount - pool.idleCount - pool.waitingCount),`,
    },
  ],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
