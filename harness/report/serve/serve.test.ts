import { appendFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exampleSuite, writeExampleRun } from "../example-run.ts";
import { followRun } from "./follow.ts";
import { serveRun } from "./serve.ts";

let root = "";
let directory = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "runproof-serve-"));
  directory = join(root, "run");
  await mkdir(directory);
  await writeFile(join(root, "secret.txt"), "outside");
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The path goes as it is: fetch would resolve ".." before it asks. */
function ask(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<{ status: number; type: string; body: string }> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: { host, ...headers } }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (data) => {
        body += data;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", body }));
    });
    asked.once("error", reject).end();
  });
}

const started = { seed: 7, startedAt: new Date().toISOString(), topology: {}, schedule: [], startsPerSecond: 50 };

async function record(name: string, lines: readonly unknown[], file = "history.jsonl"): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, "experiment.json"), JSON.stringify(started));
  await appendFile(join(directory, name, file), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

const done = (time: number, served: string) => ({ type: "ok", time, process: "a", f: "create", served });

test("nothing outside of the run's directory is served, and nothing but plain files within", async () => {
  await writeExampleRun(directory);
  await symlink(join(root, "secret.txt"), join(directory, "link.txt"));
  await writeFile(join(directory, ".hidden"), "hidden");
  await using serving = await serveRun(directory);
  for (const path of [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/kill-a-queue-instance/../../secret.txt",
    "/link.txt",
    "/.hidden",
    "//secret.txt",
    "/kill-a-queue-instance",
    "/kill-a-queue-instance/",
    "/a\\..\\..\\secret.txt",
    `${root}/secret.txt`,
    "/none.json",
  ]) {
    const { status, body } = await ask(serving.url, path);
    expect([path, status, body.includes("outside")]).toEqual([path, 404, false]);
  }
  expect(await ask(serving.url, "/verdict.json")).toMatchObject({ status: 200, type: "application/json; charset=utf-8" });
  expect(await ask(serving.url, "/kill-a-queue-instance/faults.jsonl")).toMatchObject({ status: 200, type: "text/plain; charset=utf-8" });
});

test("only this machine's own names are answered, and only reading", async () => {
  await writeExampleRun(directory);
  await using serving = await serveRun(directory);
  const { port, hostname } = new URL(serving.url);
  expect(hostname).toBe("127.0.0.1");
  expect((await ask(serving.url, "/", { host: `evil.example:${port}` })).status).toBe(421);
  expect((await ask(serving.url, "/", { host: `localhost:${port}` })).status).toBe(200);
  expect((await ask(serving.url, "/", {}, "POST")).status).toBe(405);
});

test("a run with a verdict is its report, drawn where it is missing", async () => {
  await writeExampleRun(directory);
  await using serving = await serveRun(directory);
  const { status, body } = await ask(serving.url, "/");
  expect(status).toBe(200);
  expect(body).toContain("Claim HS-6 is violated");
  expect(await readFile(join(directory, "report.html"), "utf8")).toBe(body);
});

test("a run without a verdict is followed: each look says what has come since", async () => {
  let now = Date.now();
  const look = followRun(directory, () => now);
  expect(await look()).toMatchObject({ finished: false, done: [], current: null });

  await record("kill", [{ type: "clock", time: 0, harness: 1000, delta: 1 }, done(100, "yes"), done(1200, "error"), done(1300, "yes")]);
  now = Date.now() + 20_000;
  const first = await look();
  expect(first.current).toMatchObject({
    experiment: "kill",
    operations: 3,
    errors: 1,
    fromSecond: 0,
    served: [0, 1, 1],
    failed: [0, 0, 1],
    faults: [],
  });
  expect(first.silentMs).toBeGreaterThan(10_000);

  await record("kill", [done(2100, "yes")]);
  await appendFile(join(directory, "kill", "history.jsonl"), '{"type":"ok","time":2200,"process":"ä');
  const fault = { id: "kill#1", fault: "kill", on: "api-1", working: [], evidence: "" };
  await record(
    "kill",
    [
      { ...fault, time: 1500, phase: "requested" },
      { ...fault, time: 1600, phase: "biting" },
    ],
    "faults.jsonl",
  );
  const second = await look();
  expect(second.current).toMatchObject({ operations: 4, served: [0, 1, 1, 1] });
  expect(second.current?.faults).toEqual([{ id: "kill#1", text: "kill of api-1", requestedAt: 1500, bitingAt: 1600, healedAt: null }]);

  // The half line is whole now.
  await appendFile(join(directory, "kill", "history.jsonl"), '","f":"create","served":"yes"}\n');
  expect((await look()).current?.operations).toBe(5);

  const [verdict] = exampleSuite().experiments;
  await writeFile(join(directory, "kill", "verdict.json"), JSON.stringify(verdict));
  await record("pause", [done(100, "yes")]);
  const third = await look();
  expect(third.done).toEqual([
    expect.objectContaining({ experiment: "kill", verdict: "inconclusive", says: expect.arrayContaining(["LG-5 holds"]) }),
  ]);
  expect(third.current?.experiment).toBe("pause");

  await writeFile(join(directory, "verdict.json"), JSON.stringify(exampleSuite()));
  expect(await look()).toMatchObject({ finished: true, current: null });
});

test("a state comes each second, and the server ends with whoever is still listening", async () => {
  await record("kill", [done(100, "yes")]);
  const serving = await serveRun(directory);
  const page = await ask(serving.url, "/");
  expect(page.body).toContain("A run in progress");
  const response = await fetch(`${serving.url}events`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const said = async (): Promise<{ current: { operations: number } | null }> =>
    JSON.parse(((await reader?.read())?.value ?? "").slice("data: ".length));
  expect((await said()).current?.operations).toBe(1);
  await record("kill", [done(1200, "yes")]);
  expect((await said()).current?.operations).toBe(2);
  await serving[Symbol.asyncDispose]();
  await expect(reader?.read()).rejects.toThrow();
  await expect(fetch(serving.url)).rejects.toThrow();
});
