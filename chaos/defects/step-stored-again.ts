/** A step is guarded by its attempt, and the number of the step before it looks like the same guard twice. But a step whose answer was lost is sent again by the same attempt: it is stored and told of a second time. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "step-stored-again",
  claim: "LG-3",
  what: "A step that is sent again because its answer was lost is stored again, as another event.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: "status like 'running' and runs.step = given.step - 1",
      replace: "status like 'running' and runs.step >= given.step - 1",
    },
  ],
  caughtBy: ["lose-the-answers"],
} satisfies Defect;
