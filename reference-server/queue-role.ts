/** What a queue instance does besides answering about itself: heartbeats, claims, sweeps, and housekeeping for all when it leads. */
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { EffectService } from "./effects/effects.ts";
import { type Chore, startHousekeeping } from "./leader/housekeeping.ts";
import { clearAbandonedLocks } from "./locks/postgres-lock.ts";
import type { Metrics } from "./metrics.ts";
import type { ActiveAttempts } from "./runs/active.ts";
import type { Consumption } from "./runs/consumption.ts";
import { startHeartbeat } from "./runs/heartbeat.ts";
import { startQueue } from "./runs/queue.ts";
import { runRetention } from "./runs/retention.ts";
import { cancelledChannel, readyChannel } from "./runs/run.ts";
import { startSweeper } from "./runs/sweep.ts";
import { releaseForgotten } from "./runs/threads.ts";
import { removeOldAudit } from "./security/audit.ts";
import { removeEndedSessions } from "./sessions/session.ts";
import type { Database } from "./store/postgres.ts";
import type { PubSubLag } from "./store/pubsub-lag.ts";
import { type RedisLink, subscribe } from "./store/redis.ts";
import type { Tracing } from "./tracing/tracing.ts";
import { startDeliveries } from "./webhooks/deliver.ts";

const clearLocksMs = 30_000;
/** A thread is forgotten only when its handler dies between an end and the release of the next run, so it is looked for less often than dead handlers. */
const forgottenMs = 2000;
/** How often what is kept no longer is looked for, and the small statements of one turn at most. */
const retentionMs = 10_000;
const removalsPerTurn = 50;

async function untilDone(remove: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < removalsPerTurn && (await remove()); i++);
}

export interface QueueRole {
  readonly config: Config;
  readonly db: Database;
  readonly redis: RedisLink;
  readonly effects: EffectService;
  readonly lag: PubSubLag;
  readonly active: ActiveAttempts;
  readonly consumption: Consumption;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly log: Logger;
}

/** Takes runs until disposed; disposing drains: claiming ends at once, and what is unfinished after the drain time is given back. */
export function startQueueRole({ config, db, redis, effects, lag, active, consumption, metrics, tracing, log }: QueueRole): AsyncDisposable {
  const { instanceId } = config;
  const parts = new AsyncDisposableStack();
  const chores: readonly Chore[] = [
    { name: "clear abandoned locks", everyMs: clearLocksMs, run: () => clearAbandonedLocks(db) },
    { name: "remove ended sessions", everyMs: retentionMs, run: () => untilDone(() => removeEndedSessions(db)) },
    { name: "remove old runs", everyMs: retentionMs, run: runRetention(db, config.retainRunsS) },
    { name: "remove old audit entries", everyMs: retentionMs, run: () => untilDone(() => removeOldAudit(db, config.retainAuditS)) },
    { name: "release forgotten threads", everyMs: forgottenMs, run: () => releaseForgotten(db, redis, log) },
  ];
  const onLead = (leads: boolean): void => metrics.leads.set({ name: "housekeeping" }, leads ? 1 : 0);
  parts.use(startHousekeeping({ db, instanceId, leaseMs: config.leaderLeaseMs, chores, log, onLead }));
  const onAttempt = (outcome: string): void => metrics.webhooks.inc({ outcome });
  const deliveries = parts.use(startDeliveries({ db, hosts: config.webhookHosts, log, onAttempt }));
  const heartbeat = parts.use(startHeartbeat(redis, active, config.heartbeatIntervalMs));
  const queue = startQueue({
    db,
    redis,
    active,
    heartbeat,
    consumption,
    log,
    tracing,
    instanceId,
    effects,
    retryLimit: config.retryLimit,
    runsPerInstance: config.runsPerInstance,
    onEnd: (outcome) => {
      metrics.attempts.inc({ outcome });
      deliveries.wake();
    },
  });
  parts.use(
    subscribe(config.redisUrl, `${instanceId}:listen`, [readyChannel, cancelledChannel, lag.channel], log, (channel, id) => {
      if (channel === lag.channel) return lag.hear(id);
      if (channel === readyChannel) return queue.wake();
      queue.recheck(id);
      deliveries.wake();
    }),
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
  // Disposed first: claiming ends with the signal, and heartbeats go on until the last attempt is over.
  parts.defer(() => queue.drain(config.drainMs));
  return parts;
}
