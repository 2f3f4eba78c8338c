/** Whoever goes by the status, as balancers and supervisors do, never learns of it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "health-always-well",
  claim: "HA-12",
  what: "The health page answers 200 whatever is down.",
  edits: [{ file: "routes/operations.ts", find: `return reply.code(up ? 200 : 503)`, replace: `return reply.code(200)` }],
  caughtBy: ["ask-for-health"],
} satisfies Defect;
