/** A Redis server of our own on loopback, without persistence: the architecture on trial keeps nothing in Redis whose loss breaks safety. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pingRedis, redisCommands } from "../dependency-clients.ts";
import { type Child, startReady } from "./child.ts";

export interface Redis extends AsyncDisposable {
  readonly port: number;
  readonly password: string;
  /** Starts it (again), empty, and waits until it answers. */
  start(): Promise<void>;
  kill(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  pid(): number | undefined;
  /** A command on a connection of its own, past every proxy. Rejects when Redis does not answer within a second. */
  command(name: string, ...args: readonly string[]): Promise<unknown>;
}

export async function startRedis(options: {
  readonly part: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly password: string;
  readonly marker: string;
  /** Its folder and its name; `redis` when absent. */
  readonly name?: string;
}): Promise<Redis> {
  const { port, password, name = "redis" } = options;
  const directory = join(options.directory, name);
  await mkdir(directory, { mode: 0o700 });
  const configuration = join(directory, "redis.conf");
  const lines = [`port ${port}`, "bind 127.0.0.1", `dir ${directory}`, 'save ""', "appendonly no", `requirepass ${password}`, "daemonize no"];
  await writeFile(configuration, `${lines.join("\n")}\n`, { mode: 0o600 });
  let child: Child | undefined;
  const start = async (): Promise<void> => {
    child = await startReady(
      {
        name,
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
    pause: async () => child?.signal("SIGSTOP"),
    resume: async () => child?.signal("SIGCONT"),
    pid: () => (child?.outcome() === undefined ? child?.pid : undefined),
    command: redisCommands({ port, password }),
    [Symbol.asyncDispose]: async () => child?.[Symbol.asyncDispose](),
  };
}
