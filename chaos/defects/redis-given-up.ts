/** The usual mistake with clients that reconnect: a limit on how often, after which they never do. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "redis-given-up",
  claim: "FR-7",
  what: "After three failed attempts to connect to Redis again, an instance gives it up for good: it has no heartbeats any more, and leaves every run to the others.",
  edits: [
    {
      file: "store/redis.ts",
      find: `retryStrategy: (times: number) => Math.min(50 * times, 500),`,
      replace: `retryStrategy: (times: number) => (times > 3 ? null : Math.min(50 * times, 500)),`,
    },
  ],
  caughtBy: ["unplug-a-queue-instance"],
} satisfies Defect;
