/** The caller's patience is nobody's business: each request is served as soon as the database is back, if anybody still waits for it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "outage-waited-out",
  claim: "LG-11",
  what: "A statement waits until an outage is over, however long that takes.",
  edits: [
    {
      file: "store/breaker.ts",
      find: `    isOpen: () => current !== undefined && current.probesFailed > 0 && monotonicMs() - current.sinceMs >= budgetMs,`,
      replace: `    isOpen: () => current !== undefined && budgetMs < 0,`,
    },
    {
      file: "store/postgres.ts",
      find: `      if ((outage && !(await settledWithin(outage, leftMs))) || (cause && monotonicMs() >= untilMs)) {`,
      replace: `      await outage;
      if (leftMs === Number.NEGATIVE_INFINITY) {`,
    },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
