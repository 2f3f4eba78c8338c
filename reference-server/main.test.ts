import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
// Nothing listens there: the instance lives, is not ready, and goes on trying.
const env = {
  INSTANCE_ID: "api-1",
  ROLE: "api",
  PORT: "0",
  DATABASE_URL: "postgres://u:hunter2@127.0.0.1:9/x",
  REDIS_URL: "redis://127.0.0.1:9",
  DRAIN_MS: "100",
};

async function start(over: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env: { ...env, ...over }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const exited = once(child, "exit");
  return { child, exited, output: () => output };
}

async function port(output: () => string): Promise<number> {
  for (let i = 0; i < 5000; i++) {
    const match = /"port":(\d+)/.exec(output());
    if (match) return Number(match[1]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Expected the instance to listen within 100 s; it said: ${output()}`);
}

describe("main", () => {
  it("exits 78 with one sentence on wrong settings, and keeps secrets to itself", async () => {
    const { exited, output } = await start({ ROLE: "worker" });
    expect(await exited).toEqual([78, null]);
    expect(output()).toMatch(/^ROLE must be .*\n$/);
  }, 120_000);

  it("is alive and not ready without a database, and exits 0 when told to stop", async () => {
    const { child, exited, output } = await start({});
    const at = `http://127.0.0.1:${await port(output)}`;
    expect((await fetch(`${at}/api/v1/monitoring/live`)).status).toBe(200);
    expect((await fetch(`${at}/api/v1/monitoring/ready`)).status).toBe(503);
    const refused = await fetch(`${at}/api/v1/runs/00000000-0000-0000-0000-000000000000`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    child.kill("SIGTERM");
    child.kill("SIGINT");
    expect(await exited).toEqual([0, null]);
    expect(output()).not.toContain("hunter2");
  }, 120_000);
});
