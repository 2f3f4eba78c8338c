/**
 * vitest's global set-up: one Postgres cluster and one Redis server on loopback for the whole run of the tests, told to them as TEST_DATABASE_URL
 * and TEST_REDIS_URL. Tests share them, so each makes a database (or a key prefix) of its own. Who sets these variables beforehand has services
 * already, and none are started.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { messageOf } from "../base/errors.ts";
import { mustRun } from "./exec.ts";
import { type Part, provision } from "./provision.ts";

const readyMs = 20_000;

/** Starts what is missing; the function it resolves to stops it and removes its files. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.TEST_DATABASE_URL !== undefined && process.env.TEST_REDIS_URL !== undefined) return async () => undefined;
  const parts = await provision({ only: ["postgres", "redis"], onProgress: (line) => console.error(line) });
  const directory = await mkdtemp(join(tmpdir(), "runproof-test-services-"));
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(end));
    await rm(directory, { recursive: true, force: true });
  };
  // The last resort when the run is interrupted before vitest calls `stop`.
  process.once("exit", () => {
    for (const child of children) child.kill("SIGKILL");
  });
  try {
    const [database, redis] = await Promise.all([startPostgres(parts.postgres, directory, children), startRedis(parts.redis, children)]);
    process.env.TEST_DATABASE_URL = database;
    process.env.TEST_REDIS_URL = redis;
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPostgres(part: Part, directory: string, children: ChildProcess[]): Promise<string> {
  const data = join(directory, "postgres");
  const passwordFile = join(directory, "password");
  const password = randomBytes(12).toString("hex");
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (part.uid !== undefined) for (const path of [directory, data, passwordFile]) await chown(path, part.uid, part.gid ?? part.uid);
  const as = { uid: part.uid, gid: part.gid };
  const initdb = ["-D", data, "-U", "runproof", "--pwfile", passwordFile, "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C"];
  await mustRun(join(part.path, "initdb"), initdb, { ...as, cwd: directory, env: part.env, deadlineMs: 60_000 });
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    fsync: "off",
    synchronous_commit: "off",
    jit: "off",
    max_connections: 200,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = start(join(part.path, "postgres"), ["-D", data, ...args], part, directory);
  children.push(child);
  const url = `postgres://runproof:${password}@127.0.0.1:${port}/postgres`;
  await ready("Postgres", child, async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query("SELECT 1");
    } finally {
      await client.end().catch(() => undefined);
    }
  });
  return url;
}

async function startRedis(part: Part, children: ChildProcess[]): Promise<string> {
  const port = await freePort();
  const child = start(part.path, ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no"], part, "/");
  children.push(child);
  await ready("Redis", child, () => ping(port));
  return `redis://127.0.0.1:${port}`;
}

function start(program: string, args: readonly string[], part: Part, cwd: string): ChildProcess {
  const as = part.uid === undefined ? {} : { uid: part.uid, gid: part.gid ?? part.uid };
  const child = spawn(program, args, { cwd, env: { ...process.env, ...part.env }, stdio: ["ignore", "ignore", "pipe"], ...as });
  child.on("error", () => undefined);
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (text: string) => {
    said.set(child, ((said.get(child) ?? "") + text).slice(-2000));
  });
  return child;
}

const said = new WeakMap<ChildProcess, string>();

async function ready(name: string, child: ChildProcess, probe: () => Promise<void>): Promise<void> {
  const until = performance.now() + readyMs;
  for (;;) {
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    try {
      if (!ended) return await probe();
    } catch (error) {
      if (performance.now() < until) {
        await sleep(30);
        continue;
      }
      throw new Error(
        `${name} for the tests was expected to answer within ${readyMs} ms and did not: ${messageOf(error)}. The end of its log: ${said.get(child)}`,
      );
    }
    throw new Error(`${name} for the tests was expected to start and ended at once. The end of its log: ${said.get(child)}`);
  }
}

function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.setTimeout(1000, () => socket.destroy(new Error("no answer to PING")));
    socket.on("error", reject);
    socket.on("data", (data) => {
      socket.destroy();
      if (data.toString().startsWith("+PONG")) resolve();
      else reject(new Error(`PING was answered by ${data.toString().trim()}`));
    });
  });
}

/** A port of 10000 to 32000 that nobody has now: below the ports that the system hands out by itself. */
async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 10_000 + (randomBytes(4).readUInt32LE() % 22_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error("A free port between 10000 and 32000 was expected on 127.0.0.1, and 100 tries found none.");
}

/** Ends a child and waits until it is gone; SIGINT is Postgres' fast shutdown, which waits for no client. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
  await gone;
  clearTimeout(timer);
}
