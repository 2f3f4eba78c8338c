/** The work is more important than the deadline. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "drain-never-ends",
  claim: "LG-9",
  what: "An instance that is told to stop waits for its runs for as long as they take.",
  edits: [
    { file: "runs/queue.ts", find: "if (!(await settledWithin(finished(), graceMs))) {", replace: "await finished();\n      if (graceMs < 0) {" },
  ],
  caughtBy: ["stop-instances-politely"],
} satisfies Defect;
