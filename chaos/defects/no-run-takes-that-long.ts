/** The report that this row cites, at another number. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "no-run-takes-that-long",
  claim: "FR-1",
  what: "A sweeper takes a run for dead half a minute after it was claimed, whatever its heartbeat says.",
  edits: [
    {
      file: "runs/sweep.ts",
      find: "if (score) return nowMs - Number(score) > heartbeatTimeoutMs;",
      replace: "if (score) return nowMs - Number(score) > heartbeatTimeoutMs || run.claim_age_ms > 6 * heartbeatTimeoutMs;",
    },
  ],
  caughtBy: ["outlast-every-lease"],
} satisfies Defect;
