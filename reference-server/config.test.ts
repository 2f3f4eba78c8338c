import { describe, expect, it } from "vitest";
import { ConfigError } from "./config/parse.ts";
import { readConfig } from "./config.ts";

const env = { INSTANCE_ID: "api-1", ROLE: "api", PORT: "18080", DATABASE_URL: "postgres://u:secret@db/x", REDIS_URL: "redis://cache" };

describe("readConfig", () => {
  it("fills in what is not set", () => {
    expect(readConfig(env)).toMatchObject({ host: "127.0.0.1", runsPerInstance: 10, heartbeatTimeoutMs: 5000, effects: undefined });
  });

  it("reads the address of the effect service", () => {
    expect(readConfig({ ...env, EFFECTS_ADDRESS: "[::1]:4000" }).effects).toEqual({ host: "::1", port: 4000 });
  });

  it.each([
    ["ROLE", "worker"],
    ["PORT", "http"],
    ["PORT", ""],
    ["INSTANCE_ID", "a b"],
    ["REDIS_URL", "cache:6379"],
    ["REPLICA_URL", "standby:5432"],
    ["REDIS_URL", "redis+sentinel://main/0"],
    ["EFFECTS_ADDRESS", "nowhere"],
    ["SWEEP_TICK_MS", "0.5"],
    ["LOCK_STRATEGY", "etcd"],
    ["HEARTBEAT_TIMEOUT_MS", "1900"],
    ["MODE", "active"],
    ["MANAGEMENT_PORT", "none of it"],
    ["POOL_SIZE", "0"],
    ["RETAIN_RUNS_S", "59"],
    ["RETAIN_AUDIT_S", "-1"],
    ["CONFIG_GENERATION", "0"],
    ["FAILOVER_WEBHOOK_URL", "admins@example.org"],
  ])("names %s when it is %j", (name, value) => {
    expect(() => readConfig({ ...env, [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ ...env, [name]: value })).toThrow(name);
  });

  it("never repeats a URL, which may hold a password", () => {
    expect(() => readConfig({ ...env, DATABASE_URL: "mysql://u:secret@db/x" })).toThrow(/^(?!.*secret).*DATABASE_URL/);
  });
});
