/** Every run that takes longer than the heartbeat time-out is taken from its live handler and executed a second time beside it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "sweeper-ignores-heartbeat",
  claim: "LG-8",
  what: "The sweeper goes by the age of the claim alone and never looks at the heartbeat.",
  edits: [
    {
      file: "runs/sweep.ts",
      find: `        if (score) return nowMs - Number(score) > heartbeatTimeoutMs;`,
      replace: `        if (score) return run.claim_age_ms > heartbeatTimeoutMs;`,
    },
  ],
  caughtBy: ["partition-from-redis"],
} satisfies Defect;
