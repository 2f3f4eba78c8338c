/** A breaker without a way back: what protects clients from a database that is away keeps them out when it is there. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "breaker-stays-open",
  claim: "LG-11",
  what: "Once the database was away for longer than the budget, callers are told so for ever.",
  edits: [
    { file: "store/breaker.ts", find: "  let closed = false;", replace: "  let closed = false;\n  let tripped = false;" },
    {
      file: "store/breaker.ts",
      find: "isOpen: () => current !== undefined && current.probesFailed > 0 && monotonicMs() - current.sinceMs >= budgetMs,",
      replace: "isOpen: () => (tripped ||= current !== undefined && current.probesFailed > 0 && monotonicMs() - current.sinceMs >= budgetMs),",
    },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
