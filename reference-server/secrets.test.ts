import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { eventually, noServices, startServices } from "./testing/services.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

describe.skipIf(noServices)("HS-11 secrets (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  it.each(["api", "queue"])(
    "of the %s role are in no log line, no answer, no metric and no argument",
    async (role) => {
      await using services = await startServices();
      const directory = await mkdtemp(join(tmpdir(), "secrets-"));
      // The password in a file as an orchestrator mounts it; the one for Redis is wrong, which servers complain about.
      const file = join(directory, "database_url");
      await writeFile(file, services.databaseUrl);
      const { password } = new URL(services.databaseUrl);
      expect(password.length).toBeGreaterThan(8);
      const env = {
        INSTANCE_ID: `${role}-1`,
        ROLE: role,
        PORT: "0",
        DATABASE_URL_FILE: file,
        REDIS_URL: Object.assign(new URL(services.redisUrl), { password: "canary-redis" }).href,
        HEARTBEAT_TIMEOUT_MS: "10000",
        DRAIN_MS: "100",
      };
      const child = spawn(process.execPath, [main], { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
      let seen = "";
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => (seen += chunk));
      const exited = once(child, "exit");
      try {
        const [, port] = await eventually(
          async () => /"port":(\d+)/.exec(seen) ?? [],
          ([found]) => found !== undefined,
          90_000,
        );
        const at = `http://127.0.0.1:${port}`;
        await eventually(
          () => fetch(`${at}/api/v1/monitoring/ready`),
          ({ status }) => status === 200,
          90_000,
        );
        for (const path of ["health", "monitoring/ready", "monitoring/live", "openapi.json", "runs/none", "nothing", "agents/a"]) {
          seen += await (await fetch(`${at}/api/v1/${path}`, { headers: { authorization: "Bearer canary-client" } })).text();
        }
        seen += await (await fetch(`${at}/metrics`)).text();
        seen += await readFile(`/proc/${child.pid}/cmdline`, "utf8").catch(() => "");
        child.kill("SIGTERM");
        expect(await exited).toEqual([0, null]);
        expect(seen).toContain("http_requests_total");
        expect(seen).not.toContain("canary");
        expect(seen).not.toContain(password);
      } finally {
        child.kill("SIGKILL");
        await rm(directory, { recursive: true, force: true });
      }
    },
    240_000,
  );
});
