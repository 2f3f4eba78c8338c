/** The server's settings: read once from the environment, refused at start when wrong. */
import { address, ConfigError, type Environment, list, oneOf, secret, text, url, whole } from "./config/parse.ts";
import { redisAddress } from "./store/redis-address.ts";

export type Role = "api" | "queue";
export type LockStrategy = "postgres" | "redis" | "in-process";

/** Active-active: every instance serves. Active-passive: of the instances of one role only the leader serves. */
type Mode = "active-active" | "active-passive";

export interface Config {
  readonly instanceId: string;
  readonly role: Role;
  readonly host: string;
  readonly port: number;
  /** Where health, readiness, liveness and metrics are served besides `port`, which a passive instance does not open; undefined: only on `port`. */
  readonly managementPort: number | undefined;
  readonly mode: Mode;
  readonly databaseUrl: string;
  /**
   * A Postgres that follows the primary and is near: one server, not something that leads to several. Reads that allow it go there, with up to POOL_SIZE connections
   * more. Its user has to be in pg_read_all_stats. undefined: none.
   */
  readonly replicaUrl: string | undefined;
  readonly redisUrl: string;
  /** Where traces are posted (OTLP over HTTP); undefined: nowhere. */
  readonly tracesUrl: string | undefined;
  /** A key that is let in as an administrator, so that there is a first one; undefined: none. A secret. */
  readonly adminApiKey: string | undefined;
  /** Where the external effects of runs and turns go (host:port); undefined: they have none. */
  readonly effects: { readonly host: string; readonly port: number } | undefined;
  /** Connections that are kept. */
  readonly poolSize: number;
  /** Connections that may be opened beyond `poolSize` and are closed again as soon as nobody waits for one. */
  readonly poolOverflow: number;
  /** How long a caller waits for a connection while others get theirs. */
  readonly poolTimeoutMs: number;
  /** Connections older than this are replaced; 0: never. */
  readonly poolRecycleMs: number;
  /** Share of the limit in use from which operators want to know (percent). */
  readonly poolAlertPercent: number;
  /** Requests in progress beyond which the instance answers 503; those about its own state are not counted. */
  readonly requestLimit: number;
  readonly runsPerInstance: number;
  readonly heartbeatIntervalMs: number;
  /** A handler silent for this long is taken for dead. */
  readonly heartbeatTimeoutMs: number;
  readonly sweepTickMs: number;
  /** Who keeps the locks of agents. The in-process one is what seed 000 documents; it does not lock across instances. */
  readonly lockStrategy: LockStrategy;
  readonly lockLeaseMs: number;
  /** How far a cache-first read may be behind the last acknowledged change. */
  readonly cacheTtlMs: number;
  /** A WebSocket client that does not answer a ping by the next one is dropped. */
  readonly websocketPingMs: number;
  readonly lockWaitMs: number;
  /** How long a statement is tried again before its caller learns that the database is away. */
  readonly outageBudgetMs: number;
  /** How long requests and runs in progress may go on after a signal to stop. */
  readonly drainMs: number;
  /** Transient failures a run may have before it ends in error. */
  readonly retryLimit: number;
  /** Hosts (or host:port) that runs may name for their webhooks. */
  readonly webhookHosts: readonly string[];
  /** Queries a process answers at a time, and those that may wait for their turn; more are refused (503). */
  readonly queriesAtOnce: number;
  readonly queriesWaiting: number;
  /** Processes that share the port of an api instance; each is a whole server with a pool of its own. 1 and no MAX_REQUESTS: this process serves itself. */
  readonly workers: number;
  /** Which of the workers this process is, from 1 (set by whoever looks after them); 0: none. */
  readonly workerSlot: number;
  /** A worker that has begun to answer so many requests, and a random number up to the jitter more, is replaced; 0: never. */
  readonly maxRequests: number;
  readonly maxRequestsJitter: number;
  /** How long what finished runs leave is kept (s); 0: for ever. Idempotency keys are kept for ever. */
  readonly retainRunsS: number;
  /** How long entries of the audit log are kept (s); 0: for ever. */
  readonly retainAuditS: number;
  /** A leader that is silent for this long is replaced. */
  readonly leaderLeaseMs: number;
  /** Who is told of failovers of active-passive instances; undefined: nobody. */
  readonly failoverWebhookUrl: string | undefined;
  /** Grows with every deliberate change of a setting that all instances share: a lower one with other settings is refused. */
  readonly configGeneration: number;
}

/** OpenTelemetry's own variables, which operators know. */
function tracesUrl(env: Environment): string | undefined {
  if (text(env, "OTEL_SDK_DISABLED", "false").toLowerCase() === "true") return undefined;
  const [traces, all] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"] as const;
  if (env[traces]?.trim()) return url(env, traces, ["http:", "https:"]);
  return env[all]?.trim() ? `${url(env, all, ["http:", "https:"]).replace(/\/$/, "")}/v1/traces` : undefined;
}

function redisUrl(env: Environment): string {
  const value = url(env, "REDIS_URL", ["redis:", "rediss:", "redis+sentinel:"]);
  redisAddress(value);
  return value;
}

const daysS = 86_400;
const longestS = 100 * 365 * daysS;
/** A client that has just been told of its run must be able to read it. */
const shortestS = 60;

/** Whether workers serve and this process only looks after them. */
export function isSupervised({ workers, maxRequests }: Pick<Config, "workers" | "maxRequests">): boolean {
  return workers > 1 || maxRequests > 0;
}

/** Reads and checks every setting. Throws ConfigError with one sentence about the first wrong one. */
export function readConfig(env: Environment): Config {
  const role = oneOf(env, "ROLE", undefined, ["api", "queue"]);
  const instanceId = text(env, "INSTANCE_ID");
  // Postgres cuts application_name at 63 bytes, and the name is also a header.
  if (!/^[A-Za-z0-9._-]{1,63}$/.test(instanceId)) throw new ConfigError("INSTANCE_ID must be 1 to 63 letters, digits, dots, dashes or underscores.");
  const config: Config = {
    instanceId,
    role,
    host: text(env, "HOST", "127.0.0.1"),
    port: whole(env, "PORT", undefined, 0, 65535),
    managementPort: text(env, "MANAGEMENT_PORT", "none") === "none" ? undefined : whole(env, "MANAGEMENT_PORT", undefined, 0, 65535),
    mode: oneOf(env, "MODE", "active-active", ["active-active", "active-passive"]),
    databaseUrl: url(env, "DATABASE_URL", ["postgres:", "postgresql:"]),
    replicaUrl: env.REPLICA_URL?.trim() ? url(env, "REPLICA_URL", ["postgres:", "postgresql:"]) : undefined,
    redisUrl: redisUrl(env),
    tracesUrl: tracesUrl(env),
    adminApiKey: secret(env, "ADMIN_API_KEY"),
    effects: address(env, "EFFECTS_ADDRESS"),
    poolSize: whole(env, "POOL_SIZE", 10, 1, 1000),
    poolOverflow: whole(env, "POOL_OVERFLOW", 0, 0, 1000),
    poolTimeoutMs: whole(env, "POOL_TIMEOUT_MS", 2000, 10, 600_000),
    poolRecycleMs: whole(env, "POOL_RECYCLE_MS", 1_800_000, 0, 86_400_000),
    poolAlertPercent: whole(env, "POOL_ALERT_PERCENT", 80, 1, 100),
    requestLimit: whole(env, "REQUEST_LIMIT", 5000, 1, 1_000_000),
    runsPerInstance: whole(env, "RUNS_PER_INSTANCE", 10, 1, 10_000),
    heartbeatIntervalMs: whole(env, "HEARTBEAT_INTERVAL_MS", 1000, 50, 600_000),
    heartbeatTimeoutMs: whole(env, "HEARTBEAT_TIMEOUT_MS", 5000, 1500, 3_600_000),
    sweepTickMs: whole(env, "SWEEP_TICK_MS", 500, 10, 600_000),
    lockStrategy: oneOf(env, "LOCK_STRATEGY", "postgres", ["postgres", "redis", "in-process"]),
    lockLeaseMs: whole(env, "LOCK_LEASE_MS", 3000, 1000, 600_000),
    cacheTtlMs: whole(env, "CACHE_TTL_MS", 5000, 0, 3_600_000),
    websocketPingMs: whole(env, "WEBSOCKET_PING_MS", 10_000, 100, 600_000),
    lockWaitMs: whole(env, "LOCK_WAIT_MS", 10_000, 0, 600_000),
    outageBudgetMs: whole(env, "OUTAGE_BUDGET_MS", 5000, 0, 600_000),
    drainMs: whole(env, "DRAIN_MS", 3000, 0, 600_000),
    retryLimit: whole(env, "RETRY_LIMIT", 3, 0, 1000),
    webhookHosts: list(env, "WEBHOOK_HOSTS", "127.0.0.1,[::1],localhost"),
    queriesAtOnce: whole(env, "QUERIES_AT_ONCE", 100, 1, 10_000),
    queriesWaiting: whole(env, "QUERIES_WAITING", 1000, 0, 100_000),
    workers: whole(env, "WORKERS", 1, 1, 64),
    workerSlot: whole(env, "WORKER_SLOT", 0, 0, 64),
    maxRequests: whole(env, "MAX_REQUESTS", 0, 0, 1_000_000_000),
    maxRequestsJitter: whole(env, "MAX_REQUESTS_JITTER", 0, 0, 1_000_000_000),
    retainRunsS: whole(env, "RETAIN_RUNS_S", 30 * daysS, 0, longestS),
    retainAuditS: whole(env, "RETAIN_AUDIT_S", 365 * daysS, 0, longestS),
    leaderLeaseMs: whole(env, "LEADER_LEASE_MS", 3000, 1000, 600_000),
    failoverWebhookUrl: env.FAILOVER_WEBHOOK_URL?.trim() ? url(env, "FAILOVER_WEBHOOK_URL", ["http:", "https:"]) : undefined,
    configGeneration: whole(env, "CONFIG_GENERATION", 1, 1, 1_000_000_000),
  };
  if (config.heartbeatTimeoutMs < config.heartbeatIntervalMs + 1000) {
    throw new ConfigError(
      "HEARTBEAT_TIMEOUT_MS must exceed HEARTBEAT_INTERVAL_MS by at least 1000: a handler gives up 1000 ms before others may take its runs.",
    );
  }
  for (const [name, seconds] of [
    ["RETAIN_RUNS_S", config.retainRunsS],
    ["RETAIN_AUDIT_S", config.retainAuditS],
  ] as const) {
    if (seconds > 0 && seconds < shortestS) throw new ConfigError(`${name} must be 0, for ever, or at least ${shortestS} seconds.`);
  }
  if (isSupervised(config) && (role !== "api" || config.mode !== "active-active")) {
    throw new ConfigError("WORKERS above 1 and MAX_REQUESTS are for active-active instances of the role api. Leave them out here.");
  }
  if (config.mode === "active-passive" && config.managementPort === undefined) {
    throw new ConfigError(
      "MANAGEMENT_PORT is not set, and MODE is active-passive: a passive instance has PORT closed and is asked for its state there.",
    );
  }
  return config;
}
