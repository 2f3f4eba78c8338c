import { describe, expect, it } from "vitest";
import { readConfig } from "../config.ts";
import { readSources } from "./sources.ts";

const files: Record<string, string> = {
  ".env": "POOL_SIZE=3\nRETRY_LIMIT=1\nDATABASE_URL_FILE=/run/secrets/database_url\n",
  "/run/secrets/database_url": "postgres://u:from-file@db/x\n",
  "/run/secrets/other": "postgres://u:from-other@db/x",
};
const readText = (path: string): string | undefined => files[path];
const read = (env: Record<string, string>, dotEnv = ".env") => readSources(env, dotEnv, readText);

describe("HS-19 where settings come from", () => {
  it("lets the environment override the .env file, and an empty variable leave it alone", () => {
    expect(read({ POOL_SIZE: "7", RETRY_LIMIT: "" })).toMatchObject({ POOL_SIZE: "7", RETRY_LIMIT: "1" });
  });

  it("reads secrets from files, named in the environment or in the .env file", () => {
    expect(read({})).toMatchObject({ DATABASE_URL: "postgres://u:from-file@db/x" });
    expect(read({ DATABASE_URL_FILE: "/run/secrets/other" })).toMatchObject({ DATABASE_URL: "postgres://u:from-other@db/x" });
    expect(read({ DATABASE_URL: "postgres://u:from-env@db/x" })).toMatchObject({ DATABASE_URL: "postgres://u:from-env@db/x" });
  });

  it("goes without a .env file", () => {
    expect(read({ POOL_SIZE: "7" }, "none")).toEqual({ POOL_SIZE: "7" });
  });

  it("refuses a setting given both ways in one place, and a file that is not there, without repeating a value", () => {
    const both = { DATABASE_URL: "postgres://u:hunter2@db/x", DATABASE_URL_FILE: "/run/secrets/other" };
    expect(() => read(both, "none")).toThrow(/^(?!.*hunter2).*DATABASE_URL and DATABASE_URL_FILE are both set in the environment/);
    expect(() => read({ REDIS_URL_FILE: "/nowhere" }, "none")).toThrow("REDIS_URL_FILE names a file that does not exist");
  });

  it("gives what readConfig accepts", () => {
    const config = readConfig(read({ ROLE: "api", INSTANCE_ID: "api-1", PORT: "0", REDIS_URL: "redis://cache" }));
    expect(config).toMatchObject({ databaseUrl: "postgres://u:from-file@db/x", poolSize: 3, retryLimit: 1 });
  });
});
