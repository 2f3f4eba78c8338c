/** "Let it crash": whoever starts it again starts it again and again, and each start is one more that waits for the database. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "ends-with-its-database",
  claim: "LG-11",
  what: "An instance ends when the database has been away for longer than callers are kept waiting.",
  edits: [
    {
      file: "store/breaker.ts",
      find: `      if (current) current.probesFailed += 1;`,
      replace: `      if (current) current.probesFailed += 1;
      if (current && monotonicMs() - current.sinceMs >= budgetMs) process.exit(1);`,
    },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
