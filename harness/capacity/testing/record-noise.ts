/**
 * Records what one unchanged server shows window after window on this machine: `node record-noise.ts WINDOWS SECONDS > recorded-noise.jsonl`. The tests of comparisons draw
 * their A/A runs from it. A request hashes a little and waits 5 ms, as one that asks a database does; 4 clients send the next request when the last one is answered.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { quantile } from "../../core/stats.ts";

const clients = 4;
const serviceMs = 5;
const document = Buffer.alloc(32 * 1024, "runproof");

/** One line of the recording: what a window of the length given showed. */
export interface NoiseWindow {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly cpuSeconds: number;
  readonly operations: number;
}

async function serve(): Promise<void> {
  const server = createServer(async ({ url }, response) => {
    if (url === "/cpu") return response.end(JSON.stringify(process.cpuUsage()));
    const digest = createHash("sha256").update(document).digest("hex");
    await wait(serviceMs);
    response.end(digest);
  }).listen(0, "127.0.0.1");
  // An idle connection must not be closed in the moment in which it is used.
  server.keepAliveTimeout = 600_000;
  await once(server, "listening");
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  process.on("disconnect", () => process.exit());
}

async function record(windows: number, seconds: number): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, "serve"], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const agent = new Agent({ keepAlive: true, maxSockets: clients + 1 });
  const ask = (path: string): Promise<string> =>
    new Promise((done, failed) =>
      get({ port: Number(line), path, agent }, async (answer) => done((await answer.toArray()).join(""))).on("error", failed),
    );
  const cpuSeconds = async (): Promise<number> => {
    const { user, system } = JSON.parse(await ask("/cpu")) as NodeJS.CpuUsage;
    return (user + system) / 1e6;
  };
  let latenciesMs: number[] = [];
  let ending = false;
  const client = async (): Promise<void> => {
    while (!ending) {
      const began = performance.now();
      await ask("/");
      latenciesMs.push(performance.now() - began);
    }
  };
  const all = Array.from({ length: clients }, client);
  // The first windows warm up the compiler.
  for (let i = -3; i < windows; i++) {
    latenciesMs = [];
    const [began, cpuBefore] = [performance.now(), await cpuSeconds()];
    await wait(seconds * 1000);
    const taken = (performance.now() - began) / 1000;
    const done = latenciesMs;
    const [perSecond, p50Ms, p95Ms] = [done.length / taken, quantile(done, 0.5), quantile(done, 0.95)].map((value) => Number(value.toFixed(3)));
    const used = Number(((await cpuSeconds()) - cpuBefore).toFixed(4));
    if (i >= 0) process.stdout.write(`${JSON.stringify({ perSecond, p50Ms, p95Ms, cpuSeconds: used, operations: done.length })}\n`);
  }
  ending = true;
  await Promise.all(all);
  agent.destroy();
  child.disconnect();
}

if (process.argv[2] === "serve") await serve();
else await record(Number(process.argv[2]), Number(process.argv[3]));
