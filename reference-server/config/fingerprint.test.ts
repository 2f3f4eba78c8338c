import { describe, expect, it } from "vitest";
import { readConfig } from "../config.ts";
import { sharedSettings } from "./fingerprint.ts";

const env = { INSTANCE_ID: "api-1", ROLE: "api", PORT: "1", DATABASE_URL: "postgres://u:hunter2@db/x", REDIS_URL: "redis://:hunter2@cache/3" };
const fingerprint = (over: Record<string, string>): string => sharedSettings(readConfig({ ...env, ...over })).fingerprint;

describe("HS-10 the fingerprint", () => {
  it.each([
    ["INSTANCE_ID", "queue-7"],
    ["ROLE", "queue"],
    ["PORT", "2"],
    ["DATABASE_URL", "postgres://other:word@127.0.0.1:9/x"],
    ["REDIS_URL", "redis://127.0.0.1:7000/3"],
    ["REPLICA_URL", "postgres://other:word@127.0.0.1:8/x"],
    ["RUNS_PER_INSTANCE", "20"],
    ["POOL_SIZE", "20"],
  ])("is the same whatever %s is", (name, value) => {
    expect(fingerprint({ [name]: value })).toBe(fingerprint({}));
  });

  it.each([
    ["HEARTBEAT_TIMEOUT_MS", "6000"],
    ["LOCK_LEASE_MS", "4000"],
    ["RETRY_LIMIT", "4"],
    ["REDIS_URL", "redis://:hunter2@cache/4"],
  ])("tells another %s apart", (name, value) => {
    expect(fingerprint({ [name]: value })).not.toBe(fingerprint({}));
  });

  it("shows the settings behind it and no secret", () => {
    expect(JSON.stringify(sharedSettings(readConfig(env)))).not.toContain("hunter2");
  });
});
