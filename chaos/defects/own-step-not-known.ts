/** Nothing was stored, so somebody else has the run: a plain reading of the guard. A step whose answer was lost had been stored by its own attempt, which now takes itself for replaced and leaves the run to whoever misses its heartbeat, with all its effects once more. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "own-step-not-known",
  claim: "LG-14",
  what: "A handler whose step had been stored, and whose answer was lost, takes its run for lost when it sends the step again.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: `  if (now?.status === "running" && now.attempt === attempt && now.step === step) return;
`,
      replace: "",
    },
  ],
  caughtBy: ["lose-the-answers"],
} satisfies Defect;
