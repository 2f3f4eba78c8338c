/**
 * The lock as a key of Redis with a lease by Redis's clock. A flush, an eviction or a failover to a replica that had not heard of the key
 * lets a second holder in while the first one works: until the first one's next renewal finds the key gone or another's, or its lease ends,
 * nobody is excluded, and external effects of both may happen. What protects the agent's row then is the token, which Redis knows nothing of:
 * once the second holder has entered, the row refuses the first one's write.
 */
import { randomUUID } from "node:crypto";
import { monotonicMs } from "../clock.ts";
import type { Database, Row } from "../store/postgres.ts";
import type { RedisLink } from "../store/redis.ts";
import { type AgentLocks, holdLease, isFresh, LockUnavailable, type Obtained, obtain } from "./lock.ts";

// SET NX PX, but for an acquisition that is sent twice because its answer was lost: it finds its own holder.
const takeScript = `
  local held = redis.call('get', KEYS[1])
  if held and held ~= ARGV[1] then return 0 end
  redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
  return 1`;

const renewScript = `
  if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('pexpire', KEYS[1], ARGV[2])`;

const releaseScript = `
  local held = redis.call('get', KEYS[1])
  if held == ARGV[1] or held == 'revoked:' .. ARGV[1] then return redis.call('del', KEYS[1]) end
  return 0`;

// A live lock is not freed under its holder's feet: nobody else may enter before the holder has left.
const clearScript = `
  local held = redis.call('get', KEYS[1])
  if not held then return 0 end
  if string.sub(held, 1, 8) ~= 'revoked:' then redis.call('set', KEYS[1], 'revoked:' .. held, 'keepttl') end
  return 1`;

/** Locks in Redis, with tokens of Postgres. */
export function redisLocks(db: Database, { client }: RedisLink, leaseMs: number): AgentLocks {
  const run = (script: string, agentId: string, ...values: (string | number)[]): Promise<unknown> =>
    client.eval(script, 1, `agent-lock:${agentId}`, ...values);
  return {
    async acquire(request) {
      const { agentId } = request;
      const holder = randomUUID();
      const release = (): Promise<unknown> => run(releaseScript, agentId, holder);
      let failure: unknown;
      const taken = await obtain<Obtained>(request, async () => {
        const sentAtMs = monotonicMs();
        try {
          failure = undefined;
          if ((await run(takeScript, agentId, holder, leaseMs)) !== 1) return undefined;
        } catch (error) {
          failure = error;
          return undefined;
        }
        try {
          // Drawn while the key is ours, so tokens increase in the order of the holders.
          const [row] = await db.query<Row & { token: number }>("select nextval('agent_lock_tokens') as token", []);
          if (row && isFresh(sentAtMs, leaseMs)) return { token: row.token, sentAtMs };
        } catch (error) {
          await release().catch(() => {});
          throw error;
        }
        await release().catch(() => {});
        return undefined;
      });
      if (!taken && failure) {
        // An answer that never came may have been a yes.
        await release().catch(() => {});
        throw new LockUnavailable("Redis, which keeps the locks, did not answer in time.", { cause: failure });
      }
      if (!taken) return undefined;
      return holdLease({ ...taken, agentId, leaseMs, renew: async () => (await run(renewScript, agentId, holder, leaseMs)) === 1, release });
    },
    async clear(agentId) {
      try {
        return (await run(clearScript, agentId)) === 1 ? "revoked" : "free";
      } catch (error) {
        throw new LockUnavailable("Redis, which keeps the locks, did not answer in time.", { cause: error });
      }
    },
  };
}
