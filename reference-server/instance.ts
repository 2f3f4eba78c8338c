/** One instance of either role, from its first connection to its last. */
import type { Logger } from "pino";
import { agentChangedChannel } from "./agents/events.ts";
import { openAgents } from "./agents/open-agents.ts";
import { buildApp } from "./app.ts";
import { settledWithin } from "./clock.ts";
import { admitConfig } from "./config/shared-config.ts";
import { type Config, isSupervised } from "./config.ts";
import { openEffects } from "./effects/effects.ts";
import { startAnnouncing } from "./leader/announce.ts";
import { seatOf } from "./leader/serve-alone.ts";
import type { Term } from "./leader/term.ts";
import { closeGently, closeWhenUnused, listen } from "./listen.ts";
import { createMetrics } from "./metrics.ts";
import { Stopping } from "./problem.ts";
import { startQueueRole } from "./queue-role.ts";
import { activeAttempts } from "./runs/active.ts";
import { watchConsumption } from "./runs/consumption.ts";
import { changedChannel, latestEvents } from "./runs/run.ts";
import { admitAdminKey } from "./security/principals.ts";
import type { Lifecycle } from "./server.ts";
import { migrate, untilReachable } from "./store/migrate.ts";
import { openDatabase } from "./store/postgres.ts";
import { watchPubSubLag } from "./store/pubsub-lag.ts";
import { openRedis, subscribe } from "./store/redis.ts";
import { openReplica } from "./store/replica.ts";
import { startWatch } from "./store/watch.ts";
import { openTracing } from "./tracing/tracing.ts";

/** A handler gives a run up this long before others may take it (ms). */
const handlerMarginMs = 1000;
/** How long the ports stay closed while nobody knows whether the settings are those of the others (ms). Without a database nobody will. */
const firstLookMs = 1000;

export interface Instance {
  /** The port it serves on; 0 while it is closed. */
  readonly port: number;
  /** The port it answers about itself on. */
  readonly managementPort: number;
  /** Settles when it has begun to serve, or has failed to. */
  readonly serving: Promise<void>;
  /** Lets in nobody more and waits until everybody who was let in has been served, at most `limitMs`. Nothing is cut off; `stop` comes after it. */
  retire(limitMs: number): Promise<void>;
  /** Ends it: nothing new is taken, what is in progress gets the drain time, then everything is given back and closed. */
  stop(): Promise<void>;
}

/**
 * Listens (alive), and takes work when the schema is up to date and the settings are those of the others (ready). Rejects when it cannot listen or
 * is kept out. `onRequest` is called for each request that begins. `fail` hears of what comes later and ends the instance: a migration that is wrong, settings that differ, leadership lost.
 */
export async function startInstance(config: Config, log: Logger, fail: (error: unknown) => void, onRequest = (): void => {}): Promise<Instance> {
  const drainingController = new AbortController();
  const stoppingController = new AbortController();
  const lifecycle: Lifecycle = { state: "starting", draining: drainingController.signal, stopping: stoppingController.signal, retiring: false };
  const { draining } = lifecycle;
  const { instanceId, host } = config;
  const isAlone = config.mode === "active-passive";
  // A worker shares its port with others: from the moment it is open, it gets its share of the clients.
  const opensWhenServing = isAlone || isSupervised(config);

  await using cleanup = new AsyncDisposableStack();
  const tracing = cleanup.use(await openTracing(config));
  const seat = seatOf(config);
  const db = cleanup.use(openDatabase({ ...config, url: config.databaseUrl, ...(isAlone ? { admit: seat.admit } : {}), log }));
  const replica = cleanup.use(openReplica({ ...config, url: config.replicaUrl, db, log }));
  const active = activeAttempts(config.heartbeatTimeoutMs - handlerMarginMs);
  const consumption = watchConsumption();
  const metrics = cleanup.use(
    createMetrics({ config, db, consumption, inProgress: () => active.all.size, redisReady: () => redis.client.status === "ready" }),
  );
  const lag = watchPubSubLag(metrics.registry, instanceId);
  const redis = cleanup.use(openRedis(config.redisUrl, instanceId, log, undefined, lag.ask));
  const effects = cleanup.use(openEffects(config.effects));
  const watch = cleanup.use(startWatch((ids) => latestEvents(db, ids)));
  const agents = cleanup.use(openAgents(config, db, redis, effects, lifecycle));
  const context = { config, db, replica, redis, watch, agents, metrics, consumption, lifecycle, tracing };
  const app = buildApp(context, log);
  app.server.on("request", onRequest);
  if (config.role === "api") {
    cleanup.use(
      subscribe(config.redisUrl, `${instanceId}:listen`, [changedChannel, agentChangedChannel, lag.channel], log, (channel, id) => {
        if (channel === lag.channel) lag.hear(id);
        else if (channel === changedChannel) watch.notify(id);
        else agents.notify(id);
      }),
    );
  }

  let port = 0;
  const openPort = async (): Promise<void> => {
    port = await listen(app, host, config.port);
    log.info({ port }, "listening");
  };
  const prepared = (async () => {
    await migrate(config.databaseUrl, instanceId, log, draining);
    await untilReachable(() => admitConfig(db, config), log, draining);
    const { adminApiKey } = config;
    if (adminApiKey !== undefined) await untilReachable(() => admitAdminKey(db, adminApiKey), log, draining);
  })();
  if (await settledWithin(prepared, firstLookMs)) await prepared;
  let managementPort: number | undefined;
  if (config.managementPort !== undefined) {
    const management = buildApp(context, log, "management");
    cleanup.defer(() => management.close());
    managementPort = await listen(management, host, config.managementPort);
    log.info({ managementPort }, "listening");
  }
  if (!opensWhenServing) await openPort();

  let term: Term | undefined;
  let role: AsyncDisposable | undefined;
  let announcing: AsyncDisposable | undefined;
  const serve = async (): Promise<void> => {
    await prepared;
    if (isAlone) {
      lifecycle.state = "passive";
      log.info("passive");
      term = await seat.take(db, draining);
      const { lost } = term;
      // Whatever it was about to write belongs to the past: the process ends.
      lost.addEventListener("abort", () => fail(lost.reason), { once: true });
      metrics.leads.set({ name: "active" }, 1);
      if (config.failoverWebhookUrl !== undefined) announcing = startAnnouncing(db, { name: seat.name, url: config.failoverWebhookUrl }, log);
    }
    draining.throwIfAborted();
    if (opensWhenServing) await openPort();
    if (config.role === "queue") role = startQueueRole({ config, db, redis, effects, lag, active, consumption, metrics, tracing, log });
    lifecycle.state = "serving";
    log.info("ready");
  };
  const serving = serve().catch((error) => {
    if (!draining.aborted) fail(error);
  });

  const parts = cleanup.move();
  return {
    get port() {
      return port;
    },
    get managementPort() {
      return managementPort ?? port;
    },
    serving,
    async retire(limitMs) {
      lifecycle.retiring = true;
      await closeWhenUnused(app, limitMs);
    },
    async stop() {
      drainingController.abort(new Stopping());
      const closed = closeGently(app, config.drainMs, () => stoppingController.abort(new Stopping()));
      await serving;
      await Promise.all([closed, role?.[Symbol.asyncDispose](), announcing?.[Symbol.asyncDispose]()]);
      // Given up last of all: nobody else serves before this instance has stopped to.
      await term?.[Symbol.asyncDispose]();
      await metrics.tellLast();
      await parts.disposeAsync();
    },
  };
}
