/**
 * Redis is a courier here, never a record: it carries heartbeats and wake-ups, and everything goes on without it.
 * A command fails within a second instead of waiting for a connection, and nothing is ever sent again behind the caller's back.
 */
import { Redis } from "ioredis";
import type { Logger } from "pino";
import { redisAddress } from "./redis-address.ts";

const commandTimeoutMs = 1000;
/** How often each connection is asked whether it still leads to Redis (ms). */
export const askIntervalMs = 1000;

export interface RedisLink extends Disposable {
  readonly client: Redis;
  /** Grows with every new connection: a reader that remembers things compares it. */
  epoch(): number;
}

/** Opens one connection that finds and replaces half-open ones, by `ask`. `onReady` is called for every new connection. */
export function openRedis(
  url: string,
  name: string,
  log: Logger,
  onReady?: (client: Redis) => void,
  ask = (client: Redis): Promise<unknown> => client.ping(),
): RedisLink {
  const settings = {
    connectionName: name,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: 1000,
    keepAlive: 1000,
    retryStrategy: (times: number) => Math.min(50 * times, 500),
  };
  const address = redisAddress(url);
  const client = typeof address === "string" ? new Redis(address, settings) : new Redis({ ...settings, ...address });
  let epoch = 0;
  let reported = "";
  client.on("error", (error: Error) => {
    if (error.message !== reported) log.warn({ connection: name, reason: error.message }, "redis connection failed");
    reported = error.message;
  });
  client.on("ready", () => {
    epoch += 1;
    reported = "";
    log.info({ connection: name, epoch }, "redis connected");
    onReady?.(client);
  });
  // A partition leaves a connection that looks open: only an unanswered question shows it.
  const asking = setInterval(() => {
    if (client.status !== "ready") return;
    const asked = epoch;
    ask(client).catch(() => {
      if (client.status === "ready" && asked === epoch) client.disconnect(true);
    });
  }, askIntervalMs);
  return {
    client,
    epoch: () => epoch,
    [Symbol.dispose]() {
      clearInterval(asking);
      client.disconnect();
    },
  };
}

/** Between the messages of one channel that are published as one; no message has it in it. */
const separator = ",";
const unsent = new WeakMap<Redis, Map<string, Set<string>>>();

/** Fire and forget: never delays or fails the caller, because whoever listens also polls. What is announced on a channel in one turn of the event loop is published at once. */
export function announce({ client }: RedisLink, channel: string, message: string): void {
  const batch = unsent.get(client);
  if (batch) {
    const messages = batch.get(channel);
    if (messages) messages.add(message);
    else batch.set(channel, new Set([message]));
    return;
  }
  const begun = new Map([[channel, new Set([message])]]);
  unsent.set(client, begun);
  setImmediate(() => {
    unsent.delete(client);
    if (client.status !== "ready") return;
    for (const [to, messages] of begun) client.publish(to, [...messages].join(separator)).catch(() => {});
  });
}

/** A connection that listens. `onMessage` is also called with "" after each (re)connection, because messages may have been missed. */
export function subscribe(
  url: string,
  name: string,
  channels: readonly string[],
  log: Logger,
  onMessage: (channel: string, message: string) => void,
): RedisLink {
  const link = openRedis(url, name, log, (client) => {
    client.subscribe(...channels).then(
      () => {
        for (const channel of channels) onMessage(channel, "");
      },
      () => client.disconnect(true),
    );
  });
  link.client.on("message", (channel, messages: string) => {
    for (const message of messages.split(separator)) onMessage(channel, message);
  });
  return link;
}
