/** "I am alive", for all attempts of the instance in one Redis command, stamped by Redis's own clock. */
import { monotonicMs } from "../clock.ts";
import type { RedisLink } from "../store/redis.ts";
import type { ActiveAttempts, Attempt } from "./active.ts";
import type { AttemptKey } from "./attempt-writes.ts";

export const heartbeatsKey = "heartbeats";

const beatScript = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for _, member in ipairs(ARGV) do redis.call('ZADD', KEYS[1], now, member) end
  return now`;

/** The attempt's member of the sorted set. */
export function memberOf({ id, attempt }: AttemptKey): string {
  return `${id}:${attempt}`;
}

export interface Heartbeat extends Disposable {
  /** Renews every attempt now. Never rejects: an attempt that cannot be renewed in time stops itself. */
  beat(): Promise<void>;
  /** The attempt is over: its heartbeat is taken away. */
  forget(attempt: Attempt): void;
}

/** Starts beating every `intervalMs`. */
export function startHeartbeat(redis: RedisLink, active: ActiveAttempts, intervalMs: number): Heartbeat {
  const beat = async (): Promise<void> => {
    // A process that was stopped must not renew what it had already lost.
    const renewed = [...active.all].filter(active.isHeld);
    if (renewed.length === 0 || redis.client.status !== "ready") return;
    const sentAtMs = monotonicMs();
    try {
      await redis.client.eval(beatScript, 1, heartbeatsKey, ...renewed.map((attempt) => memberOf(attempt.run)));
    } catch {
      return;
    }
    for (const attempt of renewed) active.renew(attempt, sentAtMs);
  };
  const beats = setInterval(() => void beat(), intervalMs);
  return {
    beat,
    forget(attempt) {
      if (redis.client.status === "ready") redis.client.zrem(heartbeatsKey, memberOf(attempt.run)).catch(() => {});
    },
    [Symbol.dispose]() {
      clearInterval(beats);
    },
  };
}
