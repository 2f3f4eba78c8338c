/** New runs are begun by a process that is about to end. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "claims-while-draining",
  claim: "LG-9",
  what: "An instance that is told to stop goes on claiming runs while it waits for those in progress.",
  edits: [
    {
      file: "runs/queue.ts",
      find: `      draining.abort();
      slots.close(new AttemptAborted("draining"));`,
      replace: `      setTimeout(() => draining.abort(), graceMs);`,
    },
  ],
  caughtBy: ["stop-instances-politely"],
} satisfies Defect;
