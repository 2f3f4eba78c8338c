/** An evicted key costs a live handler its runs. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "missing-heartbeat-is-death",
  claim: "AB-18",
  what: "A handler without a heartbeat in Redis is taken for dead at once, and nobody looks whether Redis has lost more than that.",
  edits: [
    {
      file: "runs/sweep.ts",
      find: `        return run.claim_age_ms > heartbeatTimeoutMs && lookMs - since >= heartbeatTimeoutMs - tickMs;`,
      replace: `        return run.claim_age_ms > 1000 && lookMs >= since;`,
    },
    { file: "runs/sweep.ts", find: `    else if (before.marker !== marker) distrust("Redis was flushed");\n`, replace: "" },
  ],
  caughtBy: ["evict-from-redis"],
} satisfies Defect;
