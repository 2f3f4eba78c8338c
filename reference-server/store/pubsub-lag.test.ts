import type { Redis } from "ioredis";
import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../config.ts";
import { startInstance } from "../instance.ts";
import { ask } from "../testing/http.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { openWay } from "../testing/way.ts";
import { watchPubSubLag } from "./pubsub-lag.ts";
import { openRedis } from "./redis.ts";

const fail = (error: unknown): never => {
  throw error;
};

/** The value of a series without labels. */
function read(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
}

describe("lag of messages between instances (HS-23)", () => {
  const start = () => {
    const registry = new Registry();
    let now = 1000;
    const lag = watchPubSubLag(registry, "api-1", () => now);
    const inFlight: string[] = [];
    const client = {
      ping: async () => "PONG",
      publish: async (channel: string, message: string) => {
        expect(channel).toBe(lag.channel);
        inFlight.push(message);
        return 1;
      },
    } as unknown as Redis;
    return { registry, lag, client, inFlight, at: (ms: number) => (now = ms) };
  };

  it("is the time from publishing to receipt, and grows while a message is overdue", async () => {
    const { registry, lag, client, inFlight, at } = start();
    await lag.ask(client);
    expect([inFlight, lag.lagMs()]).toEqual([[], 0]);
    lag.hear("");
    await lag.ask(client);
    at(1030);
    lag.hear(inFlight.shift() ?? "");
    expect(lag.lagMs()).toBe(30);
    at(2000);
    await lag.ask(client);
    expect(lag.lagMs()).toBe(30);
    at(5030);
    expect(lag.lagMs()).toBe(3000);
    at(6000);
    lag.hear(inFlight.shift() ?? "");
    expect(lag.lagMs()).toBe(4000);
    const text = await registry.metrics();
    expect([read(text, "pubsub_delivery_seconds_sum"), read(text, "pubsub_delivery_seconds_count")]).toEqual([4.03, 2]);
    expect([read(text, "pubsub_lag_seconds"), read(text, "pubsub_missed_total")]).toEqual([4, 0]);
  });

  it("counts what was missed when a later message comes, once, whatever is heard after it", async () => {
    const { registry, lag, client, inFlight } = start();
    lag.hear("");
    for (let i = 0; i < 5; i++) await lag.ask(client);
    const [first = "", second = "", , , fifth = ""] = inFlight;
    lag.hear(first);
    lag.hear("");
    lag.hear(fifth);
    lag.hear(second);
    const text = await registry.metrics();
    expect([read(text, "pubsub_missed_total"), read(text, "pubsub_delivery_seconds_count")]).toEqual([3, 2]);
  });
});

describe.skipIf(noServices)("lag of messages when Redis is cut off (HS-23; needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  it.each(["api", "queue"] as const)(
    "the %s instances tell how long their messages are on the way, and how many never come",
    async (role: Role) => {
      await using way = await openWay(services.redisUrl);
      const config = testConfig(services, role, { redisUrl: way.url });
      // Who sees what really reached Redis.
      const reached = new Set<string>();
      using _witness = openRedis(services.redisUrl, "witness", quiet, (client) => {
        client.on("pmessage", (_pattern, _channel, message: string) => reached.add(message.split(" ")[0] ?? ""));
        void client.psubscribe(`pubsub-lag:${config.instanceId}:*`);
      });
      const instance = await startInstance(config, quiet, fail);
      await using _stop = { [Symbol.asyncDispose]: () => instance.stop() };
      const figures = async () => {
        const text = (await ask(instance.port, "/metrics")).body;
        const [lagMs, missed, received] = [
          1000 * read(text, "pubsub_lag_seconds"),
          read(text, "pubsub_missed_total"),
          read(text, "pubsub_delivery_seconds_count"),
        ];
        return { lagMs, missed, received };
      };
      const healthy = await eventually(figures, ({ received, lagMs }) => received >= 2 && lagMs < 500, 30_000);
      expect(healthy.missed).toBe(0);

      way.silence();
      const silentAtMs = performance.now();
      let silentMs = 0;
      const cutOff = await eventually(
        async () => {
          silentMs = performance.now() - silentAtMs;
          return figures();
        },
        ({ lagMs }) => lagMs >= 2000,
        30_000,
      );
      // The last message came before the silence, or was in the process already: a second is the time between two.
      expect(cutOff.lagMs).toBeGreaterThanOrEqual(silentMs - 1000 - 500);
      expect(cutOff.lagMs).toBeLessThanOrEqual(performance.now() - silentAtMs + 500);

      way.speak();
      const healed = await eventually(figures, ({ received, lagMs }) => received > cutOff.received && lagMs < 500, 30_000);
      expect(healed.missed).toBeGreaterThanOrEqual(1);
      // Whatever came to Redis was either received here or counted as missed; what did not even come there was missed.
      expect(reached.size).toBeGreaterThanOrEqual(healed.received);
      expect(healed.received + healed.missed).toBeGreaterThanOrEqual(reached.size - 1);
    },
    120_000,
  );
});
