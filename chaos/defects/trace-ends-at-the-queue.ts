/** Whoever looks for a slow request finds where it came in, and not what became of it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "trace-ends-at-the-queue",
  claim: "HS-16",
  what: "An attempt of a run begins a trace of its own.",
  edits: [
    {
      file: "runs/execute.ts",
      find: `kind: "consumer", parent: readTraceparent(run.traceparent)`,
      replace: `kind: "consumer", parent: readTraceparent(undefined)`,
    },
  ],
  caughtBy: ["follow-a-request"],
} satisfies Defect;
