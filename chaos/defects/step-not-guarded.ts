/** The end of a run names its attempt, and a step by its number fits into its place or does not. But a successor that has come exactly as far has that place free: the sleeper's step is stored and told of as its own, before it has made it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "step-not-guarded",
  claim: "LG-5",
  what: "A handler makes its step durable without asking whether the run is still in its attempt.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: "where runs.id = given.id and runs.attempt = given.attempt and status like 'running' and runs.step",
      replace: "where runs.id = given.id and status like 'running' and runs.step",
    },
  ],
  caughtBy: ["pause-a-queue-instance"],
} satisfies Defect;
