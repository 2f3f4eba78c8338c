/** A key of Redis that is written anew has no end, unless the write says so. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cleared-and-never-free",
  claim: "HS-7",
  what: "Clearing a lock in Redis writes its record anew, without the time that it had left.",
  edits: [
    {
      file: "locks/redis-lock.ts",
      find: "redis.call('set', KEYS[1], 'revoked:' .. held, 'keepttl')",
      replace: "redis.call('set', KEYS[1], 'revoked:' .. held)",
    },
  ],
  caughtBy: ["clear-locks-of-the-dead"],
} satisfies Defect;
