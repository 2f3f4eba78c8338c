/** Recent is nearly the same as relevant. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "newest-memories-first",
  claim: "HS-5",
  what: "A search finds the newest memories instead of the nearest.",
  edits: [{ file: "agents/archive.ts", find: "order by distance, seq", replace: "order by seq desc" }],
  caughtBy: ["work-on-agents"],
} satisfies Defect;
