/** A Redis that fails over, on loopback: one server leads, two copy it, and three sentinels promote one of them. Nothing is kept on disk. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../base/clock.ts";
import { pingRedis, redisCommands } from "../dependency-clients.ts";
import type { RedisGroup, RedisNode } from "../groups.ts";
import { type Child, type Part, startReady } from "./child.ts";
import type { Ports } from "./ports.ts";
import type { Redis } from "./redis.ts";

const servers = 3;
const quorum = 2;
/** A master that is silent for this long is missed (ms). */
const downAfterMs = 1000;
/** An attempt to promote is given up after this (ms), and tried again by whom the sentinels elect after twice as long. */
const failoverMs = 3000;
const readyWithinMs = 20_000;
export const groupName = "main";

export interface SentinelledRedis extends Redis, RedisGroup {
  /** host:port each. */
  readonly addresses: readonly string[];
}

type Server = RedisNode & AsyncDisposable;

export async function startRedisGroup(options: {
  readonly part: Part;
  readonly directory: string;
  logFile(name: string): string;
  readonly ports: Ports;
  readonly password: string;
  readonly marker: string;
}): Promise<SentinelledRedis> {
  const { part, password, marker, ports } = options;
  await using started = new AsyncDisposableStack();
  const prepare = async (name: string, more: (directory: string) => readonly string[], flags: readonly string[] = []): Promise<Server> => {
    const directory = join(options.directory, name);
    await mkdir(directory, { mode: 0o700 });
    const port = await ports.take();
    const configuration = join(directory, "redis.conf");
    const lines = [`port ${port}`, "bind 127.0.0.1", `dir ${directory}`, `requirepass ${password}`, "daemonize no", ...more(directory)];
    await writeFile(configuration, `${lines.join("\n")}\n`, { mode: 0o600 });
    let child: Child | undefined;
    const kill = async (): Promise<void> => void (await child?.stop("SIGKILL", 0));
    return started.use({
      name,
      port,
      kill,
      async start() {
        child = await startReady(
          { name, command: part.path, args: [configuration, ...flags], env: part.env, cwd: directory, logFile: options.logFile(name), marker },
          { what: `${name} was expected to answer PING on 127.0.0.1:${port}`, probe: () => pingRedis({ port, password }, 500), withinMs: 10_000 },
        );
      },
      pid: () => (child?.outcome() === undefined ? child?.pid : undefined),
      pause: () => child?.signal("SIGSTOP"),
      resume: () => child?.signal("SIGCONT"),
      command: redisCommands({ port, password }),
      async [Symbol.asyncDispose]() {
        child?.signal("SIGCONT");
        await kill();
        await child?.[Symbol.asyncDispose]();
      },
    });
  };

  const copying = ['save ""', "appendonly no", `masterauth ${password}`, "repl-diskless-sync-delay 0", "repl-ping-replica-period 1"];
  const first = await prepare("redis-1", () => copying);
  await first.start();
  const nodes: Server[] = [first];
  for (let n = 2; n <= servers; n++) nodes.push(await prepare(`redis-${n}`, () => [...copying, `replicaof 127.0.0.1 ${first.port}`]));
  await Promise.all(nodes.slice(1).map((node) => node.start()));
  const sentinels: Server[] = [];
  for (let n = 1; n <= servers; n++) {
    const lines = [
      `sentinel monitor ${groupName} 127.0.0.1 ${first.port} ${quorum}`,
      `sentinel auth-pass ${groupName} ${password}`,
      `sentinel sentinel-pass ${password}`,
      `sentinel down-after-milliseconds ${groupName} ${downAfterMs}`,
      `sentinel failover-timeout ${groupName} ${failoverMs}`,
    ];
    sentinels.push(await prepare(`sentinel-${n}`, () => lines, ["--sentinel"]));
  }
  await Promise.all(sentinels.map((sentinel) => sentinel.start()));

  let led: Server = first;
  const master = async (): Promise<Server | undefined> => {
    const said = await Promise.all(sentinels.map((one) => one.command("SENTINEL", "get-master-addr-by-name", groupName).catch(() => undefined)));
    const votes = said.map((answer) => (Array.isArray(answer) ? Number(answer[1]) : undefined));
    const leads = nodes.find(({ port }) => votes.filter((vote) => vote === port).length >= quorum);
    if (leads) led = leads;
    return leads;
  };
  const leading = async (): Promise<Server> => (await master()) ?? led;
  const whole = async (): Promise<true | undefined> => {
    const agreed = await Promise.all(sentinels.map((one) => one.command("SENTINEL", "ckquorum", groupName).catch(() => "")));
    const replicas = await Promise.all(sentinels.map((one) => one.command("SENTINEL", "replicas", groupName).catch(() => [])));
    const know = replicas.every((list) => Array.isArray(list) && list.length === servers - 1);
    return (know && agreed.every((answer) => String(answer).startsWith(`OK ${servers}`))) || undefined;
  };
  await until(`${servers} sentinels were expected to know each other and every copy`, whole, { withinMs: readyWithinMs, everyMs: 50 });

  const owned = started.move();
  return {
    nodes,
    sentinels,
    addresses: sentinels.map(({ port }) => `127.0.0.1:${port}`),
    master,
    async failOver() {
      await sentinels[0]?.command("SENTINEL", "FAILOVER", groupName);
    },
    port: first.port,
    password,
    async start() {
      for (const node of nodes) if (node.pid() === undefined) await node.start();
    },
    kill: async () => (await leading()).kill(),
    pause: async () => (await leading()).pause(),
    async resume() {
      for (const node of nodes) node.resume();
    },
    pid: () => led.pid(),
    command: async (name, ...args) => (await leading()).command(name, ...args),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
