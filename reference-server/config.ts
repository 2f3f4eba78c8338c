/** The server's settings: read once from the environment, refused at start when wrong. */

export type Role = "api" | "queue";
export type LockStrategy = "postgres" | "redis" | "in-process";

export interface Config {
  readonly instanceId: string;
  readonly role: Role;
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Where the external effects of runs and turns go (host:port); undefined: they have none. */
  readonly effects: { readonly host: string; readonly port: number } | undefined;
  readonly poolSize: number;
  readonly runsPerInstance: number;
  readonly heartbeatIntervalMs: number;
  /** A handler silent for this long is taken for dead. */
  readonly heartbeatTimeoutMs: number;
  readonly sweepTickMs: number;
  /** Who keeps the locks of agents. The in-process one is what seed 000 documents; it does not lock across instances. */
  readonly lockStrategy: LockStrategy;
  readonly lockLeaseMs: number;
  readonly lockWaitMs: number;
  /** How long a statement is tried again before its caller learns that the database is away. */
  readonly outageBudgetMs: number;
  /** How long requests and runs in progress may go on after a signal to stop. */
  readonly drainMs: number;
  /** Transient failures a run may have before it ends in error. */
  readonly retryLimit: number;
}

/** A setting that is missing or wrong. The message names the variable and never repeats a value that could be a secret. */
export class ConfigError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

function text(env: Environment, name: string, fallback?: string): string {
  const value = env[name]?.trim() || fallback;
  if (value === undefined) throw new ConfigError(`${name} is not set. Set it in the environment and start again.`);
  return value;
}

function whole(env: Environment, name: string, fallback: number | undefined, from: number, to: number): number {
  const given = text(env, name, fallback === undefined ? undefined : String(fallback));
  const value = Number(given);
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new ConfigError(
      `${name} must be a whole number from ${from} to ${to}, and is ${JSON.stringify(given.slice(0, 20))}. Correct it and start again.`,
    );
  }
  return value;
}

function oneOf<T extends string>(env: Environment, name: string, fallback: T, allowed: readonly T[]): T {
  const given = text(env, name, fallback);
  const value = allowed.find((one) => one === given);
  if (value === undefined) throw new ConfigError(`${name} must be one of ${allowed.join(", ")}, and is ${JSON.stringify(given.slice(0, 20))}.`);
  return value;
}

function url(env: Environment, name: string, protocols: readonly string[]): string {
  const value = text(env, name);
  const protocol = URL.canParse(value) ? new URL(value).protocol : "";
  if (!protocols.includes(protocol)) {
    throw new ConfigError(`${name} must be a URL that begins with ${protocols.map((p) => `${p}//`).join(" or ")}. Correct it and start again.`);
  }
  return value;
}

function address(env: Environment, name: string): { host: string; port: number } | undefined {
  const value = text(env, name, "");
  if (value === "") return undefined;
  const match = /^(.+):(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  if (!match?.[1] || port < 1 || port > 65535) {
    throw new ConfigError(`${name} must be host:port, and is ${JSON.stringify(value.slice(0, 60))}. Correct it or leave it out.`);
  }
  return { host: match[1].replace(/^\[(.*)\]$/, "$1"), port };
}

/** Reads and checks every setting. Throws ConfigError with one sentence about the first wrong one. */
export function readConfig(env: Environment): Config {
  const role = text(env, "ROLE");
  if (role !== "api" && role !== "queue")
    throw new ConfigError(`ROLE must be api or queue, and is ${JSON.stringify(role.slice(0, 20))}. Correct it and start again.`);
  const instanceId = text(env, "INSTANCE_ID");
  // Postgres cuts application_name at 63 bytes, and the name is also a header.
  if (!/^[A-Za-z0-9._-]{1,63}$/.test(instanceId)) throw new ConfigError("INSTANCE_ID must be 1 to 63 letters, digits, dots, dashes or underscores.");
  const config: Config = {
    instanceId,
    role,
    host: text(env, "HOST", "127.0.0.1"),
    port: whole(env, "PORT", undefined, 0, 65535),
    databaseUrl: url(env, "DATABASE_URL", ["postgres:", "postgresql:"]),
    redisUrl: url(env, "REDIS_URL", ["redis:", "rediss:"]),
    effects: address(env, "EFFECTS_ADDRESS"),
    poolSize: whole(env, "POOL_SIZE", 10, 1, 1000),
    runsPerInstance: whole(env, "RUNS_PER_INSTANCE", 10, 1, 10_000),
    heartbeatIntervalMs: whole(env, "HEARTBEAT_INTERVAL_MS", 1000, 50, 600_000),
    heartbeatTimeoutMs: whole(env, "HEARTBEAT_TIMEOUT_MS", 5000, 1500, 3_600_000),
    sweepTickMs: whole(env, "SWEEP_TICK_MS", 500, 10, 600_000),
    lockStrategy: oneOf(env, "LOCK_STRATEGY", "postgres", ["postgres", "redis", "in-process"]),
    lockLeaseMs: whole(env, "LOCK_LEASE_MS", 3000, 1000, 600_000),
    lockWaitMs: whole(env, "LOCK_WAIT_MS", 10_000, 0, 600_000),
    outageBudgetMs: whole(env, "OUTAGE_BUDGET_MS", 5000, 0, 600_000),
    drainMs: whole(env, "DRAIN_MS", 3000, 0, 600_000),
    retryLimit: whole(env, "RETRY_LIMIT", 3, 0, 1000),
  };
  if (config.heartbeatTimeoutMs < config.heartbeatIntervalMs + 1000) {
    throw new ConfigError(
      "HEARTBEAT_TIMEOUT_MS must exceed HEARTBEAT_INTERVAL_MS by at least 1000: a handler gives up 1000 ms before others may take its runs.",
    );
  }
  return config;
}
