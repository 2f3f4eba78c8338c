/** A heartbeat is sent when the work begins and not again; and the worker trusts that nobody takes its run. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lease-not-renewed",
  claim: "FR-1",
  what: "The lease of a run is not renewed while it is worked on, and the worker does not notice that it has run out.",
  edits: [
    {
      file: "runs/heartbeat.ts",
      find: `  const beats = setInterval(() => void beat(), intervalMs);`,
      replace: `  const beats = setInterval(() => {}, intervalMs);`,
    },
    {
      file: "runs/active.ts",
      find: `    expiries.set(attempt, setTimeout(lose, Math.max(0, attempt.renewedAtMs + leaseMs - monotonicMs()), attempt));`,
      replace: `    expiries.delete(attempt);`,
    },
  ],
  caughtBy: ["outlast-every-lease"],
} satisfies Defect;
