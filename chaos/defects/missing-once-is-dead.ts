/** Whoever has no heartbeat has none, and a run of some seconds has had the time for one: a second look was for the first moments of a run, it was thought. But a key that is evicted is back within a second, and until then the first sweeper that looks takes every longer run from its live handler. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "missing-once-is-dead",
  claim: "AB-18",
  what: "A handler whose heartbeat is missing at one look is taken for dead, if its run is older than the time-out.",
  edits: [
    {
      file: "runs/sweep.ts",
      find: "return run.claim_age_ms > heartbeatTimeoutMs && lookMs - since >= heartbeatTimeoutMs - tickMs;",
      replace: "return run.claim_age_ms > heartbeatTimeoutMs && lookMs >= since;",
    },
  ],
  caughtBy: ["evict-from-redis"],
} satisfies Defect;
