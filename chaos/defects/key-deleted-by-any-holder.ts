/** The comparison before the delete was there for revoked locks, and whoever releases has had the lock; one DEL is cheaper than a script. The usual mistake of locks in Redis: a holder that slept through its lease, or one whose acquisition was never answered, takes the lock from whoever has it by then, and a third one comes in. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "key-deleted-by-any-holder",
  claim: "HS-6",
  what: "Releasing a lock in Redis deletes its key, whoever holds it by then.",
  edits: [
    {
      file: "locks/redis-lock.ts",
      find: "  if held == ARGV[1] or held == 'revoked:' .. ARGV[1] then return redis.call('del', KEYS[1]) end",
      replace: "  if held then return redis.call('del', KEYS[1]) end",
    },
  ],
  caughtBy: ["pause-a-holder-in-redis"],
} satisfies Defect;
