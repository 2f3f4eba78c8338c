/** The server's queue for a benchmark that compares queues: one process that both accepts runs and executes them, by the code that the routes and the queue role use. */
import { randomUUID } from "node:crypto";
import { readConfig } from "../config.ts";
import { openEffects } from "../effects/effects.ts";
import { createMetrics } from "../metrics.ts";
import { startQueueRole } from "../queue-role.ts";
import { activeAttempts } from "../runs/active.ts";
import { watchConsumption } from "../runs/consumption.ts";
import { createRun } from "../runs/create.ts";
import { type RunInput, readyChannel } from "../runs/run.ts";
import { migrate } from "../store/migrate.ts";
import { openDatabase } from "../store/postgres.ts";
import { watchPubSubLag } from "../store/pubsub-lag.ts";
import { announce, openRedis } from "../store/redis.ts";
import { openTracing } from "../tracing/tracing.ts";
import { quiet } from "./services.ts";

const noop: RunInput = { steps: 1, step_ms: 0 };
/** Rows of one insert: no statement may take longer than the server allows any. */
const atATime = 1000;

interface At {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly concurrency: number;
}

/** A new, migrated database becomes a queue of no-op runs. `fill` takes other inputs too. */
export async function open({ databaseUrl, redisUrl, concurrency }: At) {
  const config = readConfig({
    ROLE: "queue",
    INSTANCE_ID: `bench-${randomUUID().slice(0, 8)}`,
    PORT: "0",
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    POOL_SIZE: String(concurrency),
    // A slow disk is measured, not refused.
    POOL_TIMEOUT_MS: "60000",
    RUNS_PER_INSTANCE: String(concurrency),
  });
  await migrate(databaseUrl, config.instanceId, quiet, AbortSignal.timeout(10_000));
  const parts = new AsyncDisposableStack();
  const tracing = parts.use(await openTracing(config));
  const db = parts.use(openDatabase({ ...config, url: databaseUrl, log: quiet }));
  const effects = parts.use(openEffects(undefined));
  const redis = parts.use(openRedis(redisUrl, config.instanceId, quiet));
  return {
    /** Runs that may be claimed at once; nobody is told. */
    async fill(count: number, input: RunInput = noop): Promise<void> {
      for (let left = count; left > 0; left -= atATime) {
        await db.query(
          `insert into runs (id, idempotency_key, request_hash, input)
           select id, id, '', $2 from (select gen_random_uuid() as id from generate_series(1, $1::int)) as new`,
          [Math.min(left, atATime), JSON.stringify(input)],
        );
      }
    },
    /** Tells the queue instances that there is work. */
    wake: (): void => announce(redis, readyChannel, ""),
    /** Starts a queue instance. `begin` is called when a run's handler starts, `done` when its end is durable. */
    async start({ begin, done }: { readonly begin: () => void; readonly done: () => void }): Promise<void> {
      const active = activeAttempts(config.heartbeatTimeoutMs - 1000);
      const observed: typeof active = {
        ...active,
        begin(attempt) {
          begin();
          active.begin(attempt);
        },
        end(attempt) {
          active.end(attempt);
          done();
        },
      };
      const consumption = watchConsumption();
      const metrics = createMetrics({ config, db, inProgress: () => active.all.size, redisReady: () => true, consumption });
      // Another instance than the one that accepts: a pool of its own.
      const own = parts.use(openDatabase({ ...config, url: databaseUrl, log: quiet }));
      const lag = watchPubSubLag(metrics.registry, config.instanceId);
      parts.use(startQueueRole({ config, db: own, redis, effects, lag, active: observed, consumption, metrics, tracing, log: quiet }));
    },
    async enqueue(): Promise<void> {
      const { run } = await createRun(db, { key: undefined, agentId: undefined, input: noop });
      announce(redis, readyChannel, run.id);
    },
    stop: (): Promise<void> => parts.disposeAsync(),
  };
}
