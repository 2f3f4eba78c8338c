/** A limit that was meant for another query. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "archive-left-out",
  claim: "HA-9",
  what: "An export has the first memory only.",
  edits: [{ file: "agents/document.ts", find: "order by seq limit $2) memories", replace: "order by seq limit least($2, 1)) memories" }],
  caughtBy: ["move-agents"],
} satisfies Defect;
