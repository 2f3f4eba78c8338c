/** One after the other, however many have died together. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "one-requeue-a-look",
  claim: "FR-3",
  what: "A sweeper gives back one run at each look.",
  edits: [{ file: "runs/sweep.ts", find: "of dead) {", replace: "of dead.slice(0, 1)) {" }],
  caughtBy: ["crash-with-a-full-queue"],
} satisfies Defect;
