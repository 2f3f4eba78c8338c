/** Fire and forget, it says, and so nobody waits for it; but nobody hears of its failure either, and Node ends a process for that. What only carries messages takes everybody along who has one to send. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "announcement-ends-the-process",
  claim: "FR-7",
  what: "An announcement that Redis does not take is an error that nobody handles: the process ends.",
  edits: [
    {
      file: "store/redis.ts",
      find: "client.publish(to, [...messages].join(separator)).catch(() => {});",
      replace: "void client.publish(to, [...messages].join(separator));",
    },
  ],
  caughtBy: ["partition-from-redis"],
} satisfies Defect;
