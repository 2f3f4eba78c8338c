/**
 * HS-11: what is secret in the environment stays there. A real run under faults that are told in logs (Postgres goes away), with canaries in the environment of the command;
 * they, and the passwords that the run makes for its own services, must be in no file that it leaves and in nothing that it prints.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { until } from "./base/clock.ts";
import { schemaOfVerdicts } from "./report/verdict-schema.ts";

const main = resolve(import.meta.dirname, "main.ts");
const names = [
  "OPENAI_API_KEY",
  "ANTHROPIC_API_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "DATABASE_URL",
  "REDIS_URL",
  "PGPASSWORD",
  "GITHUB_TOKEN",
  "K6_CLOUD_TOKEN",
  "SMTP_PASSWORD",
];

test.runIf(process.platform === "linux")("no secret of the environment is in what a run leaves or prints", { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "runproof-secrets-"));
  try {
    const canaries = Object.fromEntries(names.map((name) => [name, `canary-${randomBytes(12).toString("hex")}`]));
    const reports = join(folder, "reports");
    const env = { ...process.env, ...canaries, GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(folder, "summary") };
    const start = (...args: string[]) => spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    const child = start("chaos", "--only", "restart-postgres", "--seed", "11", "--reports", reports);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        said += data;
      });
    }
    const ended = new Promise<number | null>((done) => child.once("close", done));
    const password = await until("An instance was expected to start", () => passwordOfAnInstance(child.pid ?? 0), { withinMs: 120_000 });
    // A verdict, whichever: how busy the machine is decides nothing here.
    expect([0, 1, 2], said).toContain(await ended);
    const trend = start("trend", join(reports, "latest"));
    expect(await new Promise((done) => trend.once("close", done))).toBe(0);

    const secrets = [...Object.values(canaries), password];
    expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
    expect(said).toMatch(/LG-10 (holds|violated|inconclusive)/);
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const kinds = new Set(files.map(({ name }) => name));
    for (const name of [
      "summary",
      "verdict.json",
      "report.html",
      "junit.xml",
      "summary.md",
      "metrics.txt",
      "journal.json",
      "history.jsonl",
      "api-1.log",
      "trend.jsonl",
      "index.html",
    ])
      expect(kinds).toContain(name);
    for (const { parentPath, name } of files) {
      const content = await readFile(join(parentPath, name));
      expect([join(parentPath, name), secrets.filter((secret) => content.includes(secret))]).toEqual([join(parentPath, name), []]);
    }

    // While there is a real verdict: it is as the published schema says.
    const valid = await schemaOfVerdicts();
    expect(valid(JSON.parse(await readFile(join(reports, "latest/verdict.json"), "utf8"))), JSON.stringify(valid.errors)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The password in the environment of a child of the harness; undefined while there is none. That no canary got there is seen on the way. */
function passwordOfAnInstance(harness: number): string | undefined {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = Number(/\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
      if (parent !== harness) continue;
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      const password = /DATABASE_URL=postgres:\/\/[^:]+:([^@]{16,})@/.exec(environment)?.[1];
      if (password === undefined) continue;
      expect(environment).not.toContain("canary-");
      return password;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      // It ended while we looked.
    }
  }
  return undefined;
}
