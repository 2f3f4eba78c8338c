/** Which kind of lock the settings ask for. */
import type { Config } from "../config.ts";
import type { Database } from "../store/postgres.ts";
import type { RedisLink } from "../store/redis.ts";
import { inProcessLocks } from "./in-process-lock.ts";
import type { AgentLocks } from "./lock.ts";
import { postgresLocks } from "./postgres-lock.ts";
import { redisLocks } from "./redis-lock.ts";

/** The locks of LOCK_STRATEGY. All instances of a deployment must use the same. */
export function openLocks({ lockStrategy, lockLeaseMs }: Config, db: Database, redis: RedisLink): AgentLocks {
  if (lockStrategy === "in-process") return inProcessLocks(db);
  return lockStrategy === "redis" ? redisLocks(db, redis, lockLeaseMs) : postgresLocks(db, lockLeaseMs);
}
