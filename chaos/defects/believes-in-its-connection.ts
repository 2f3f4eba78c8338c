/** As long as there is work all goes well; after a quiet time the instance has no Redis any more. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "believes-in-its-connection",
  claim: "AB-29",
  what: "A connection to Redis is neither kept awake nor made anew.",
  edits: [
    {
      file: "store/redis.ts",
      find: `  }, askIntervalMs);`,
      replace: `  }, 3_600_000);`,
    },
    {
      file: "store/redis.ts",
      find: `    retryStrategy: (times: number) => Math.min(50 * times, 500),`,
      replace: `    retryStrategy: () => null,`,
    },
  ],
  caughtBy: ["close-idle-connections"],
} satisfies Defect;
