/**
 * vitest's global set-up: one Postgres cluster and one Redis server on loopback for the whole run of the tests, told to them as
 * TEST_DATABASE_URL and TEST_REDIS_URL, and where nginx and (if it can be had) Prometheus are as TEST_NGINX and
 * TEST_PROMETHEUS. Tests share them, so each makes a database (or a key prefix) of
 * its own.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { MissingPartError, provision } from "../../provision/provision.ts";
import { superuser } from "../dependency-clients.ts";
import { openPorts } from "./ports.ts";
import { initialiseTemplate, startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import { openRunState } from "./run-state.ts";

/** Starts the services; the function it resolves to stops them and removes their files. */
export default async function setup(): Promise<() => Promise<void>> {
  const parts = await provision({ only: ["postgres", "redis", "nginx"], onProgress: (line) => console.error(line) });
  await using started = new AsyncDisposableStack();
  const { directory, id: marker } = started.use(await openRunState({ keep: false }));
  const ports = started.use(openPorts());
  const password = randomBytes(18).toString("hex");
  const common = { directory, marker, password };
  const template = await initialiseTemplate(parts.postgres, directory, password);
  const logFile = (name: string): string => join(directory, `${name}.log`);
  const postgres = await startPostgres({ ...common, part: parts.postgres, template, logFile: logFile("postgres"), port: await ports.take() });
  started.use(postgres);
  const redis = started.use(await startRedis({ ...common, part: parts.redis, logFile: logFile("redis"), port: await ports.take() }));
  process.env.TEST_DATABASE_URL = `postgres://${superuser}:${password}@127.0.0.1:${postgres.port}/postgres`;
  process.env.TEST_REDIS_URL = `redis://:${password}@127.0.0.1:${redis.port}`;
  process.env.TEST_NGINX = parts.nginx.path;
  // Unpacked, it finds its libraries by its environment only.
  process.env.TEST_NGINX_ENVIRONMENT = JSON.stringify(parts.nginx.env);
  const optional = await provision({ only: ["prometheus"] }).catch((error: unknown) => {
    if (!(error instanceof MissingPartError)) throw error;
  });
  if (optional) process.env.TEST_PROMETHEUS = optional.prometheus.path;
  const owned = started.move();
  return () => owned.disposeAsync();
}
