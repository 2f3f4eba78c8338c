/** Redis forgets its scripts when it dies. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "script-loaded-once",
  claim: "FR-8",
  what: "The heartbeat's script is loaded into Redis once in the life of an instance, and called by its digest from then on.",
  edits: [
    {
      file: "runs/heartbeat.ts",
      find: "  let first: NodeJS.Timeout | undefined;",
      replace: "  let first: NodeJS.Timeout | undefined;\n  let loaded: string | undefined;",
    },
    {
      file: "runs/heartbeat.ts",
      find: "await redis.client.eval(beatScript, 1, heartbeatsKey, ...renewed",
      replace:
        'loaded ??= String(await redis.client.script("LOAD", beatScript));\n      await redis.client.evalsha(loaded, 1, heartbeatsKey, ...renewed',
    },
  ],
  caughtBy: ["kill-redis-between-steps"],
} satisfies Defect;
