/** A sleeper that wakes up completes the run that its successor is working on. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "completion-not-guarded",
  claim: "LG-5",
  what: "A handler ends its run without asking whether the run is still in its attempt.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: `step = coalesce($6, step), last_seq = last_seq + case when $6::int is null then 1 else 2 end
       where id = $1 and attempt = $2 and status like 'running'`,
      replace: `step = coalesce($6, step), last_seq = last_seq + case when $6::int is null then 1 else 2 end
       where id = $1 and status like 'running'`,
    },
  ],
  caughtBy: ["pause-a-queue-instance"],
} satisfies Defect;
