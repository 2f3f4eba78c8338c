/** A Redis server of our own on loopback, without persistence: the architecture on trial keeps nothing in Redis whose loss breaks safety. */
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { Redis as Client } from "ioredis";
import { type Child, startReady } from "./child.ts";

export interface Redis extends AsyncDisposable {
  readonly port: number;
  readonly password: string;
  /** Starts it (again), empty, and waits until it answers. */
  start(): Promise<void>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  pid(): number | undefined;
  /** A command on a connection of its own, past every proxy. Rejects when Redis does not answer within a second. */
  command(name: string, ...args: readonly string[]): Promise<unknown>;
}

const commandMs = 1000;

export async function startRedis(options: {
  readonly part: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly password: string;
  readonly marker: string;
}): Promise<Redis> {
  const { port, password } = options;
  const directory = join(options.directory, "redis");
  await mkdir(directory, { mode: 0o700 });
  const configuration = join(directory, "redis.conf");
  const lines = [`port ${port}`, "bind 127.0.0.1", `dir ${directory}`, 'save ""', "appendonly no", `requirepass ${password}`, "daemonize no"];
  await writeFile(configuration, `${lines.join("\n")}\n`, { mode: 0o600 });
  let child: Child | undefined;
  const start = async (): Promise<void> => {
    child = await startReady(
      {
        name: "redis",
        command: options.part.path,
        args: [configuration],
        env: options.part.env,
        cwd: directory,
        logFile: options.logFile,
        marker: options.marker,
      },
      { what: `Redis was expected to answer PING on 127.0.0.1:${port}`, probe: () => pingRedis({ port, password }, 500), withinMs: 10_000 },
    );
  };
  await start();
  return {
    port,
    password,
    start,
    async kill() {
      await child?.stop("SIGKILL", 0);
    },
    pause: () => child?.signal("SIGSTOP"),
    resume: () => child?.signal("SIGCONT"),
    pid: () => (child?.outcome() === undefined ? child?.pid : undefined),
    async command(name, ...args) {
      const client = new Client({
        host: "127.0.0.1",
        port,
        password,
        retryStrategy: null,
        lazyConnect: true,
        connectTimeout: commandMs,
        commandTimeout: commandMs,
      });
      client.on("error", () => {}); // The command itself says what is wrong.
      try {
        await client.connect();
        return await client.call(name, ...args);
      } finally {
        client.disconnect();
      }
    },
    [Symbol.asyncDispose]: async () => child?.[Symbol.asyncDispose](),
  };
}

/** Whether a Redis answers an authenticated PING on this port within the time. */
function pingRedis(at: { readonly port: number; readonly password: string }, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at.port, "127.0.0.1");
    let answer = "";
    const done = (result: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => done(false), withinMs);
    socket.on("error", () => done(false));
    socket.on("close", () => done(false));
    socket.on("connect", () => socket.write(`AUTH ${at.password}\r\nPING\r\n`));
    socket.on("data", (chunk) => {
      answer += chunk;
      if (answer.includes("+PONG")) done(true);
    });
  });
}
