/** A half-open connection swallows the wake-up. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "waits-for-a-message",
  claim: "FR-2",
  what: "A queue instance with nothing to do waits for a message without a deadline, on a connection that nobody tests.",
  edits: [
    { file: "runs/queue.ts", find: `      await settledWithin(woken.promise, pollMs);`, replace: `      await woken.promise;` },
    {
      file: "store/redis.ts",
      find: `    if (client.status !== "ready") return;\n    const asked`,
      replace: `    if (client.status !== "reconnecting") return;\n    const asked`,
    },
  ],
  caughtBy: ["half-open-redis"],
} satisfies Defect;
