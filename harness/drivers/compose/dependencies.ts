/** Postgres, Redis and toxiproxy as containers of a deployment, reached by the harness over ports on loopback. */
import { answersSelectOne, connectPostgres, pingRedis, redisCommands, stopSignals, superuser } from "../dependency-clients.ts";
import { answersVersion, type Edge, edgeMaker } from "../proxied-edges.ts";
import type { Stack } from "../stack.ts";
import { untilReady } from "./container.ts";
import type { Deployment } from "./deployment.ts";

const startWithinMs = 60_000;
/** Where toxiproxy begins to listen for instances, inside its container. */
const firstProxyPort = 20_000;

type Postgres = Stack["postgres"] & { readonly password: string };
type Redis = Stack["redis"] & { readonly password: string };

export interface DependencyOptions {
  readonly deployment: Deployment;
  readonly port: number;
  readonly logFile: string;
}

/** Puts it into the deployment; what is returned is there after `up` and `started`. */
export function definePostgres({ deployment, port, logFile }: DependencyOptions): Postgres & { started(): Promise<void> } {
  const { password } = deployment;
  deployment.put("postgres", {
    environment: { POSTGRES_USER: superuser, POSTGRES_DB: "postgres", POSTGRES_INITDB_ARGS: "--no-sync --encoding=UTF8 --locale=C --wal-segsize=4" },
    ports: [`127.0.0.1:${port}:5432`],
    healthcheck: { disable: true },
  });
  const container = deployment.container("postgres");
  const connect = (): ReturnType<typeof connectPostgres> => connectPostgres({ port, password });
  const ready = (): Promise<void> =>
    untilReady(container, `Postgres was expected to answer SELECT 1 on 127.0.0.1:${port}`, () => answersSelectOne(connect), startWithinMs, logFile);
  return {
    password,
    connect,
    async started() {
      await container.adopt();
      await ready();
    },
    async start() {
      await container.start();
      await ready();
    },
    async stop(mode, graceMs) {
      await container.signal(stopSignals[mode]);
      // SIGINT turns a smart shutdown that nobody obeys into a fast one.
      const impatience = setTimeout(() => void container.signal("SIGINT"), graceMs);
      const how = await container.ended();
      clearTimeout(impatience);
      return how;
    },
    isRunning: () => container.pid() !== undefined,
    // The pid is one of the container's own.
    killBackend: (pid) => container.exec(["sh", "-c", `kill -9 ${pid}`]),
  };
}

/** Without persistence, and with a file that it may rewrite: the architecture on trial keeps nothing in Redis whose loss breaks safety. */
const redisScript = `
[ -f /data/redis.conf ] || cat >/data/redis.conf <<END
requirepass $$REDIS_PASSWORD
dir /data
save ""
appendonly no
protected-mode no
END
exec redis-server /data/redis.conf`;

export function defineRedis({ deployment, port, logFile }: DependencyOptions): Redis & { started(): Promise<void> } {
  const { password } = deployment;
  deployment.put("redis", { command: ["sh", "-c", redisScript], ports: [`127.0.0.1:${port}:6379`], healthcheck: { disable: true } });
  const container = deployment.container("redis");
  const ready = (): Promise<void> =>
    untilReady(container, `Redis was expected to answer PING on 127.0.0.1:${port}`, () => pingRedis({ port, password }, 500), startWithinMs, logFile);
  return {
    password,
    async started() {
      await container.adopt();
      await ready();
    },
    async start() {
      await container.start();
      await ready();
    },
    kill: async () => void (await container.stop("SIGKILL", 0)),
    pause: container.pause,
    resume: container.resume,
    pid: container.pid,
    command: redisCommands({ port, password }),
  };
}

export interface Toxiproxy {
  started(): Promise<void>;
  /** Its address in the network `data`, by which the harness reaches its proxies. */
  readonly host: () => string;
  addEdge(name: string, upstream: string): Promise<Edge>;
}

export function defineToxiproxy({ deployment, port, logFile }: DependencyOptions): Toxiproxy {
  deployment.put("toxiproxy", {
    command: ["-host=0.0.0.0"],
    ports: [`127.0.0.1:${port}:8474`],
    healthcheck: { disable: true },
  });
  const container = deployment.container("toxiproxy");
  const control = `127.0.0.1:${port}`;
  let host = "";
  let next = firstProxyPort;
  return {
    async started() {
      await container.adopt();
      const probe = (): Promise<boolean> => answersVersion({ control });
      await untilReady(container, `Toxiproxy was expected to answer on ${control}`, probe, startWithinMs, logFile);
      host = await container.addressIn("data");
    },
    host: () => host,
    addEdge: edgeMaker({ control, listen: "0.0.0.0", takePort: async () => next++ }),
  };
}
