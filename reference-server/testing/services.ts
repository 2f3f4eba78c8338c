/** Real services for the tests: a Postgres and a Redis whose addresses are in the environment, and a fresh database for each file. */
import { randomBytes, randomUUID } from "node:crypto";
import pg from "pg";
import pino from "pino";
import type { Config, Role } from "../config.ts";
import type { RunInput } from "../runs/run.ts";
import { migrate } from "../store/migrate.ts";
import { type Database, openDatabase } from "../store/postgres.ts";
import { openRedis, type RedisLink } from "../store/redis.ts";

const adminUrl = process.env.TEST_DATABASE_URL ?? "";
const redisServer = process.env.TEST_REDIS_URL ?? "";

/** For `describe.skipIf`: live tests need both TEST_DATABASE_URL and TEST_REDIS_URL. */
export const noServices = adminUrl === "" || redisServer === "";

export const quiet = pino({ level: "silent" });

export interface Services extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly db: Database;
  readonly redis: RedisLink;
}

/** An empty, migrated database, and one of Redis's numbered databases, emptied. */
export async function startServices(): Promise<Services> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  await admin.query(`create database ${name}`);
  const databaseUrl = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  await migrate(databaseUrl, "test", quiet, AbortSignal.timeout(10_000));
  const redisUrl = Object.assign(new URL(redisServer), { pathname: `/${await nextRedisDatabase()}` }).href;
  const db = openDatabase({ url: databaseUrl, instanceId: "test", poolSize: 10, outageBudgetMs: 5000, log: quiet });
  const redis = await connectedRedis(redisUrl);
  await redis.client.flushdb();
  return {
    databaseUrl,
    redisUrl,
    db,
    redis,
    async [Symbol.asyncDispose]() {
      redis[Symbol.dispose]();
      await db[Symbol.asyncDispose]();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

/** One that the last fourteen to ask did not get: files that are tested at the same time have one each. */
async function nextRedisDatabase(): Promise<number> {
  using counter = await connectedRedis(redisServer);
  return 1 + ((await counter.client.incr("services")) % 15);
}

async function connectedRedis(url: string): Promise<RedisLink> {
  const ready = Promise.withResolvers<void>();
  const link = openRedis(url, "test", quiet, () => ready.resolve());
  await ready.promise;
  return link;
}

/** Settings of an instance on these services, with times short enough for tests. */
export function testConfig(services: Services, role: Role, over: Partial<Config> = {}): Config {
  return {
    instanceId: `${role}-${randomUUID().slice(0, 8)}`,
    role,
    host: "127.0.0.1",
    port: 0,
    managementPort: undefined,
    tracesUrl: undefined,
    mode: "active-active",
    databaseUrl: services.databaseUrl,
    replicaUrl: undefined,
    redisUrl: services.redisUrl,
    adminApiKey: undefined,
    effects: undefined,
    poolSize: 5,
    poolOverflow: 0,
    poolTimeoutMs: 2000,
    poolRecycleMs: 0,
    poolAlertPercent: 80,
    requestLimit: 1000,
    runsPerInstance: 10,
    heartbeatIntervalMs: 200,
    heartbeatTimeoutMs: 5000,
    sweepTickMs: 100,
    lockStrategy: "postgres",
    lockLeaseMs: 1000,
    cacheTtlMs: 1000,
    websocketPingMs: 2000,
    lockWaitMs: 2000,
    outageBudgetMs: 3000,
    drainMs: 500,
    retryLimit: 3,
    webhookHosts: ["127.0.0.1"],
    queriesAtOnce: 100,
    queriesWaiting: 100,
    workers: 1,
    workerSlot: 0,
    maxRequests: 0,
    maxRequestsJitter: 0,
    retainRunsS: 0,
    retainAuditS: 0,
    leaderLeaseMs: 1000,
    failoverWebhookUrl: undefined,
    configGeneration: 1,
    ...over,
  };
}

/** Inserts `count` runs that may be claimed at once. Returns their ids. */
export async function insertRuns(db: Database, count: number, input: RunInput = { steps: 1, step_ms: 0 }): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids) {
    await db.query("insert into runs (id, idempotency_key, request_hash, input) values ($1, $2, '', $3)", [id, id, JSON.stringify(input)]);
  }
  return ids;
}

/** Asks until the answer is there, at most `withinMs`. Throws with the last answer. */
export async function eventually<T>(ask: () => Promise<T>, there: (answer: T) => boolean, withinMs = 15_000): Promise<T> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (there(answer)) return answer;
    if (performance.now() > untilMs) throw new Error(`Expected another answer within ${withinMs} ms, found ${JSON.stringify(answer)}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
