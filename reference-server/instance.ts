/** One instance of either role, from its first connection to its last. */
import { once } from "node:events";
import { Server as NetServer } from "node:net";
import type { Logger } from "pino";
import { agentChangedChannel } from "./agents/events.ts";
import { openAgents } from "./agents/open-agents.ts";
import { buildApp } from "./app.ts";
import { settledWithin } from "./clock.ts";
import type { Config } from "./config.ts";
import { clearAbandonedLocks } from "./locks/postgres-lock.ts";
import { createMetrics } from "./metrics.ts";
import { Stopping } from "./problem.ts";
import { activeAttempts } from "./runs/active.ts";
import { startHeartbeat } from "./runs/heartbeat.ts";
import { startQueue } from "./runs/queue.ts";
import { cancelledChannel, changedChannel, latestEvents, readyChannel } from "./runs/run.ts";
import { startSweeper } from "./runs/sweep.ts";
import type { Lifecycle } from "./server.ts";
import { migrate } from "./store/migrate.ts";
import { openDatabase } from "./store/postgres.ts";
import { openRedis, subscribe } from "./store/redis.ts";
import { startWatch } from "./store/watch.ts";
import { idsOnly } from "./tracing/tracing.ts";

/** A handler gives a run up this long before others may take it (ms). */
const handlerMarginMs = 1000;
/** How long an idle kept-alive connection may still bring a last request while draining (ms). */
const lingerMs = 500;
const clearLocksMs = 30_000;

export interface Instance {
  /** The port it listens on. */
  readonly port: number;
  /** Ends it: nothing new is taken, what is in progress gets the drain time, then everything is given back and closed. */
  stop(): Promise<void>;
}

/** Listens at once (alive), and takes work when the schema is up to date (ready). Rejects when it cannot listen. `fail` hears of a migration that is wrong. */
export async function startInstance(config: Config, log: Logger, fail: (error: unknown) => void): Promise<Instance> {
  const drainingController = new AbortController();
  const stoppingController = new AbortController();
  const lifecycle: Lifecycle = { migrated: false, draining: drainingController.signal, stopping: stoppingController.signal };
  const { instanceId } = config;

  await using cleanup = new AsyncDisposableStack();
  const tracing = cleanup.use(idsOnly);
  const db = cleanup.use(
    openDatabase({ url: config.databaseUrl, instanceId, poolSize: config.poolSize, outageBudgetMs: config.outageBudgetMs, log }),
  );
  const redis = cleanup.use(openRedis(config.redisUrl, instanceId, log));
  const watch = cleanup.use(startWatch((ids) => latestEvents(db, ids)));
  const agents = cleanup.use(openAgents(config, db, redis, lifecycle));
  const active = activeAttempts(config.heartbeatTimeoutMs - handlerMarginMs);
  const metrics = createMetrics(
    db,
    () => active.all.size,
    () => redis.client.status === "ready",
  );
  const app = buildApp({ config, db, redis, watch, agents, metrics, lifecycle, tracing }, log);
  if (config.role === "api") {
    cleanup.use(
      subscribe(config.redisUrl, `${instanceId}:listen`, [changedChannel, agentChangedChannel], log, (channel, id) =>
        channel === changedChannel ? watch.notify(id) : agents.notify(id),
      ),
    );
  }

  const startQueueRole = (): AsyncDisposable => {
    const parts = new AsyncDisposableStack();
    const heartbeat = parts.use(startHeartbeat(redis, active, config.heartbeatIntervalMs));
    const queue = startQueue({
      db,
      redis,
      active,
      heartbeat,
      log,
      instanceId,
      effects: config.effects,
      retryLimit: config.retryLimit,
      tracing,
      runsPerInstance: config.runsPerInstance,
      onEnd: (outcome) => metrics.attempts.inc({ outcome }),
    });
    parts.use(
      subscribe(config.redisUrl, `${instanceId}:listen`, [readyChannel, cancelledChannel], log, (channel, id) =>
        channel === readyChannel ? queue.wake() : queue.recheck(id),
      ),
    );
    parts.use(
      startSweeper({
        db,
        redis,
        heartbeatTimeoutMs: config.heartbeatTimeoutMs,
        tickMs: config.sweepTickMs,
        log,
        onRequeue: () => metrics.swept.inc(),
      }),
    );
    const clearing = setInterval(() => void clearAbandonedLocks(db).catch(() => {}), clearLocksMs);
    parts.defer(() => clearInterval(clearing));
    // Disposed first: claiming ends with the signal, and heartbeats go on until the last attempt is over.
    parts.defer(() => queue.drain(config.drainMs));
    return parts;
  };

  await app.listen({ host: config.host, port: config.port });
  const address = app.server.address();
  const port = typeof address === "object" && address ? address.port : config.port;
  log.info({ port }, "listening");

  const closeHttp = async (): Promise<void> => {
    // Only the listener is closed: Node's own close would also cut idle connections, on which a balancer may just be sending a request.
    const connectionsEnded = once(app.server, "close");
    NetServer.prototype.close.call(app.server);
    await settledWithin(connectionsEnded, Math.min(lingerMs, config.drainMs));
    app.server.closeIdleConnections();
    await settledWithin(connectionsEnded, Math.max(0, config.drainMs - lingerMs));
    stoppingController.abort(new Stopping());
    await settledWithin(connectionsEnded, 1000);
    app.server.closeAllConnections();
    await app.close();
  };

  const working: Promise<AsyncDisposable | undefined> = migrate(config.databaseUrl, instanceId, log, lifecycle.draining).then(
    () => {
      if (lifecycle.draining.aborted) return undefined;
      lifecycle.migrated = true;
      log.info("ready");
      return config.role === "queue" ? startQueueRole() : undefined;
    },
    (error) => {
      if (!lifecycle.draining.aborted) fail(error);
      return undefined;
    },
  );

  const parts = cleanup.move();
  return {
    port,
    async stop() {
      drainingController.abort(new Stopping());
      await Promise.all([closeHttp(), working.then((role) => role?.[Symbol.asyncDispose]())]);
      await parts.disposeAsync();
    },
  };
}
