/**
 * Where Redis is, as ioredis wants to be told. `redis://:password@host:port/0` is one server. `redis+sentinel://:password@name/0?sentinel=host:port&sentinel=host:port` is
 * the server that leads the group of that name: the sentinels, which have the same password, say which it is, and tell of every change.
 */
import type { RedisOptions } from "ioredis";
import { ConfigError } from "../config/parse.ts";

type SentinelOptions = Pick<
  RedisOptions,
  | ("sentinels" | "name" | "db" | "password" | "sentinelPassword")
  | ("failoverDetector" | "sentinelCommandTimeout" | "sentinelRetryStrategy" | "sentinelReconnectStrategy")
>;

const sentinelScheme = "redis+sentinel:";
/** Sentinels that do not answer are asked again so soon, and no later than this (ms). */
const longestPauseMs = 500;
const pause = (times: number): number => Math.min(50 * times, longestPauseMs);

/** @throws ConfigError saying what is wrong with an address of sentinels */
export function redisAddress(text: string): SentinelOptions | string {
  const url = new URL(text);
  if (url.protocol !== sentinelScheme) return text;
  const sentinels = url.searchParams.getAll("sentinel").map((place) => {
    const [, host, port] = /^(.+):(\d{1,5})$/.exec(place) ?? [];
    if (host === undefined)
      throw new ConfigError(`A sentinel of REDIS_URL must be host:port, and is ${JSON.stringify(place.slice(0, 60))}. Correct it.`);
    return { host, port: Number(port) };
  });
  if (sentinels.length === 0 || url.hostname === "")
    throw new ConfigError(
      "REDIS_URL with sentinels must be redis+sentinel://:password@name/0?sentinel=host:port, with one or more of them. Correct it.",
    );
  const password = decodeURIComponent(url.password);
  return {
    sentinels,
    name: url.hostname,
    db: Number(url.pathname.slice(1) || 0),
    ...(password === "" ? {} : { password, sentinelPassword: password }),
    // A master that was replaced and lives goes on answering: whoever is not told stays with it.
    failoverDetector: true,
    sentinelCommandTimeout: 1000,
    sentinelRetryStrategy: pause,
    sentinelReconnectStrategy: pause,
  };
}
