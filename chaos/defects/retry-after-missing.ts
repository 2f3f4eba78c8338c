/** Later, but not how much later. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "retry-after-missing",
  claim: "LG-11",
  what: "A refusal does not say when to come again.",
  edits: [
    { file: "problem.ts", find: "if (problem.retryAfterSeconds !== undefined) reply.header", replace: "if (problem.status === 418) reply.header" },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
