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

/** How soon an attempt beats first (ms): one command for all that begin in this time, none for those that are over by then. */
const firstBeatMs = 100;

export interface Heartbeat extends Disposable {
  /** An attempt has begun: it beats soon, and then with the others. */
  begun(): void;
  /** The attempt is over: its heartbeat is taken away. */
  forget(attempt: Attempt): void;
}

/** Starts beating every `intervalMs`. Never rejects: an attempt that cannot be renewed in time stops itself. */
export function startHeartbeat(redis: RedisLink, active: ActiveAttempts, intervalMs: number): Heartbeat {
  const beaten = new WeakSet<Attempt>();
  /** Members of attempts that are over: those of one turn of the event loop are taken away by one command. */
  let over: string[] = [];
  const takeAway = (): void => {
    const members = over;
    over = [];
    if (members.length > 0 && redis.client.status === "ready") redis.client.zrem(heartbeatsKey, ...members).catch(() => {});
  };
  let first: NodeJS.Timeout | undefined;
  const beat = async (): Promise<void> => {
    // A process that was stopped must not renew what it had already lost.
    const renewed = [...active.all].filter(active.isHeld);
    if (renewed.length === 0 || redis.client.status !== "ready") return;
    const sentAtMs = monotonicMs();
    for (const attempt of renewed) beaten.add(attempt);
    try {
      await redis.client.eval(beatScript, 1, heartbeatsKey, ...renewed.map((attempt) => memberOf(attempt.run)));
    } catch {
      return;
    }
    for (const attempt of renewed) active.renew(attempt, sentAtMs);
  };
  const beats = setInterval(() => void beat(), intervalMs);
  return {
    begun() {
      first ??= setTimeout(() => {
        first = undefined;
        void beat();
      }, firstBeatMs);
    },
    forget(attempt) {
      if (!beaten.has(attempt)) return;
      if (over.push(memberOf(attempt.run)) === 1) setImmediate(takeAway);
    },
    [Symbol.dispose]() {
      clearTimeout(first);
      clearInterval(beats);
      takeAway();
    },
  };
}
