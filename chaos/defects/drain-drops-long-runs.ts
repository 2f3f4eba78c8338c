/** It comes back only when its heartbeat has run out. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "drain-drops-long-runs",
  claim: "LG-9",
  what: "A run that is not finished when the drain time is over is not given back.",
  edits: [
    {
      file: "runs/execute.ts",
      find: `  if (error instanceof AttemptAborted) {`,
      replace: `  if (error instanceof AttemptAborted && error.reason === "draining") return "abandoned";
  if (error instanceof AttemptAborted) {`,
    },
  ],
  caughtBy: ["stop-instances-politely"],
} satisfies Defect;
