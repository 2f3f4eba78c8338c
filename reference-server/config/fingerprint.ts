/** What must be the same on every instance, and its fingerprint (HS-10). */
import { createHash } from "node:crypto";
import type { Config } from "../config.ts";

/**
 * Settings on which instances judge each other, or that a client would notice from one instance to the next. What may differ is left out: the
 * instance's own name, role, addresses, sizes and version. Redis and Postgres may be reached by other ways, but not in another database.
 */
const mustMatch = [
  "mode",
  "heartbeatIntervalMs",
  "heartbeatTimeoutMs",
  "sweepTickMs",
  "lockStrategy",
  "lockLeaseMs",
  "lockWaitMs",
  "cacheTtlMs",
  "outageBudgetMs",
  "leaderLeaseMs",
  "retryLimit",
  "retainRunsS",
  "retainAuditS",
] as const satisfies readonly (keyof Config)[];

export interface Shared {
  /** Sixteen hexadecimal digits. */
  readonly fingerprint: string;
  /** The values behind it, none of them a secret. */
  readonly settings: Readonly<Record<string, string | number>>;
}

/** What this configuration shares with those of the other instances: equal settings, equal fingerprint, whatever else differs (HS-10). */
export function sharedSettings(config: Config): Shared {
  const settings: Record<string, string | number> = Object.fromEntries(mustMatch.map((name) => [name, config[name]]));
  settings.redisDatabase = new URL(config.redisUrl).pathname.slice(1) || "0";
  const text = JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { fingerprint: createHash("sha256").update(text).digest("hex").slice(0, 16), settings };
}
