/** Every request of a long outage takes as long as the first. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "no-breaker",
  claim: "LG-11",
  what: "Callers are kept waiting for the whole budget, however long the database has been away already.",
  edits: [
    {
      file: "store/breaker.ts",
      find: `    isOpen: () => current !== undefined && current.probesFailed > 0 && monotonicMs() - current.sinceMs >= budgetMs,`,
      replace: `    isOpen: () => false,`,
    },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
