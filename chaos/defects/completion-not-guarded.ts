/** A sleeper that wakes up completes the run that its successor is working on. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "completion-not-guarded",
  claim: "LG-5",
  what: "A handler ends its run without asking whether the run is still in its attempt.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: "where runs.id = given.id and runs.attempt = given.attempt and runs.status like 'running'",
      replace: "where runs.id = given.id and runs.status like 'running'",
    },
  ],
  caughtBy: ["pause-a-queue-instance"],
} satisfies Defect;
