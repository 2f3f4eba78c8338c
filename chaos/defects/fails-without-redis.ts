import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "fails-without-redis",
  claim: "FR-8",
  what: "A run whose step cannot be told through Redis fails.",
  edits: [
    {
      file: "runs/execute.ts",
      find: "      seq += 1;\n      announce(redis, changedChannel, run.id);",
      replace: "      seq += 1;\n      await redis.client.publish(changedChannel, run.id);",
    },
  ],
  caughtBy: ["kill-redis-between-steps"],
} satisfies Defect;
