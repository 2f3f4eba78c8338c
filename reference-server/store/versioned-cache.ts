/**
 * Values that grow by version, cached in Redis for at most a time to live. An entry never replaces a newer one, and its end is fixed by
 * Redis's clock before its value is read from Postgres: whoever read an old value, slept and stores it late stores something that has
 * ended. So no invalidation has to arrive for the bound to hold, and any key may be evicted at any time.
 */
import { settledWithin } from "../clock.ts";
import type { RedisLink } from "./redis.ts";

/** Redis is asked for no longer than this before Postgres is (ms). */
const waitMs = 100;

const readScript = `
  local time = redis.call('time')
  return { redis.call('get', KEYS[1]), time[1] * 1000 + math.floor(time[2] / 1000), redis.call('pttl', KEYS[1]) }`;

const fillScript = `
  local held = redis.call('get', KEYS[1])
  if held and tonumber(string.match(held, '^%d+')) > tonumber(ARGV[1]) then return 0 end
  redis.call('set', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'pxat', ARGV[3])
  return 1`;

interface Versioned {
  readonly version: number;
}

interface CachedRead<T> {
  readonly value: T | undefined;
  readonly source: "redis" | "database";
  /** How long after the call the value may still be used (ms). */
  readonly freshMs: number;
}

export interface VersionedCache<T extends Versioned> {
  /** From Redis if it is there, else loaded and stored. Without Redis it is loaded. Throws what `load` throws; undefined is not stored. */
  read(key: string, load: () => Promise<T | undefined>): Promise<CachedRead<T>>;
  /** Redis's time now, to be asked for before a write; undefined when Redis does not say in time. */
  now(): Promise<number | undefined>;
  /** Stores what was committed after `asOf`; without that time removes what there is. Fire and forget. */
  store(key: string, value: T, asOf: number | undefined): void;
}

/** A cache of its own under `prefix`; `ttlMs` bounds how stale a read may be. */
export function openCache<T extends Versioned>({ client }: RedisLink, prefix: string, ttlMs: number): VersionedCache<T> {
  const inTime = async <R>(ask: () => Promise<R>): Promise<R | undefined> => {
    if (client.status !== "ready") return undefined;
    const asked = ask();
    return (await settledWithin(asked, waitMs)) ? asked.catch(() => undefined) : undefined;
  };
  const store = (key: string, value: T, asOf: number | undefined): void => {
    if (client.status !== "ready") return;
    const stored =
      asOf === undefined
        ? client.del(prefix + key)
        : client.eval(fillScript, 1, prefix + key, value.version, JSON.stringify(value), Math.floor(asOf + ttlMs));
    stored.catch(() => {});
  };
  return {
    store,
    async now() {
      const time = await inTime(() => client.time());
      return time && Number(time[0]) * 1000 + Number(time[1]) / 1000;
    },
    async read(key, load) {
      const [held, asOf, leftMs] = ((await inTime(() => client.eval(readScript, 1, prefix + key))) ?? []) as [string?, number?, number?];
      if (held) return { value: JSON.parse(held.slice(held.indexOf(" ") + 1)), source: "redis", freshMs: Math.max(0, leftMs ?? 0) };
      const value = await load();
      if (value && asOf !== undefined) store(key, value, asOf);
      return { value, source: "database", freshMs: ttlMs };
    },
  };
}
