/** Brings the whole topology up as processes on loopback, and takes it down whatever throws. */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../base/clock.ts";
import { UserError } from "../../base/errors.ts";
import { hasStandby, isCluster } from "../../core/experiment.ts";
import { beyondClusters } from "../cluster/cluster.ts";
import { superuser } from "../dependency-clients.ts";
import { probePostgres, probeRedis } from "../edge-probe.ts";
import { stackEdge } from "../proxied-edges.ts";
import type { Certificate, Driver, Instance, Stack, StackEdge, StackOptions } from "../stack.ts";
import { openAnnex } from "./annex.ts";
import { startAtOnce } from "./at-once.ts";
import { startBalancer } from "./balancer.ts";
import type { Part } from "./child.ts";
import { type ClusterParts, startCluster } from "./cluster/cluster.ts";
import { startHog } from "./hog.ts";
import { defineInstance, type ProcessInstance } from "./instance.ts";
import { newPostgres } from "./new-postgres.ts";
import { openPorts, type Ports } from "./ports.ts";
import { initialiseTemplate, type PostgresPart, startPostgres } from "./postgres.ts";
import { startPair } from "./postgres-pair.ts";
import { startPrometheus } from "./prometheus.ts";
import { type Redis, startRedis } from "./redis.ts";
import { groupName, type SentinelledRedis, startRedisGroup } from "./redis-group.ts";
import { openRegions } from "./regions.ts";
import { startToxiproxy } from "./toxiproxy.ts";
import { copyTree } from "./tree.ts";

export interface ProcessParts {
  readonly postgres: PostgresPart;
  readonly redis: Part;
  readonly nginx: Part;
  readonly toxiproxy: Part;
  /** What a layout of several Postgres servers needs beside them; or a sentence that says why there is none. */
  readonly cluster?: ClusterParts | string;
  /** What evaluates the target's alerts; or a sentence that says why there is none. */
  readonly prometheus?: Part | string;
}

/** The first one of a role to serve waits for nobody, but for migrations (ms). */
const firstServesWithinMs = 30_000;

/** What a suite prepares once for all its stacks. */
export interface ProcessDriver extends Driver {
  readonly parts: ProcessParts;
  readonly template: string;
  readonly password: string;
}

/** What only containers have. */
const always = {
  containers: "it takes containers (--driver compose): networks that can be unplugged, limits on one instance, a name service of their own",
};

export async function prepareDriver(options: {
  readonly parts: ProcessParts;
  readonly project: string;
  readonly directory: string;
  readonly marker: string;
}): Promise<ProcessDriver> {
  const password = randomBytes(18).toString("hex");
  const template = await initialiseTemplate(options.parts.postgres, options.directory, password);
  const { cluster = "The parts of a Postgres that fails over were not provided." } = options.parts;
  const beyond = typeof cluster === "string" ? beyondClusters(cluster) : {};
  const { prometheus = "No Prometheus was provided." } = options.parts;
  const lacks = typeof prometheus === "string" ? { ...always, "alert rules": prometheus } : always;
  const driver: ProcessDriver = {
    ...{ ...options, template, password, id: "process", lacks, beyond },
    startStack: (stack) => startStack(driver, stack),
  };
  return driver;
}

export async function startStack(driver: ProcessDriver, options: StackOptions): Promise<Stack> {
  const { target, proxied, layout = "single" } = options;
  const { parts, marker, password } = driver;
  const passive = layout === "passive" ? target.passive : undefined;
  if (layout === "passive" && !passive) throw new UserError(`Of the instances of ${target.title} all serve. Leave --topology passive out.`);
  await using started = new AsyncDisposableStack();
  let owner: AsyncDisposableStack = started;
  const directory = join(driver.directory, options.name);
  await mkdir(directory, { mode: 0o711 });
  const log = (name: string): string => join(options.logs, `${name}.log`);
  const ports: Ports = started.use(openPorts());
  const tree = await copyTree({ project: driver.project, tree: target.tree, directory, defect: options.defect });

  const common = { directory, password, marker };
  const toxiproxy =
    proxied.length > 0 || isCluster(layout) || hasStandby(layout)
      ? started.use(await startToxiproxy({ part: parts.toxiproxy, directory, logFile: log("toxiproxy"), ports, marker }))
      : undefined;
  const startServer = async () => {
    if (hasStandby(layout) && toxiproxy) {
      const { postgres: part } = parts;
      return startPair({ ...common, part, template: driver.template, target, tree: tree.directory, logFile: log, ports, toxiproxy });
    }
    if (!isCluster(layout) || !toxiproxy)
      return startPostgres({ ...common, part: parts.postgres, template: driver.template, logFile: log("postgres"), port: await ports.take() });
    if (typeof parts.cluster !== "object") throw new Error(driver.beyond[layout]);
    const clustered = { ...parts.cluster, postgres: parts.postgres };
    return startCluster({ ...common, parts: clustered, target, layout, tree: tree.directory, logFile: log, ports, toxiproxy });
  };
  const startCourier = async (): Promise<Redis | SentinelledRedis> => {
    if (layout === "sentinel") return startRedisGroup({ ...common, part: parts.redis, logFile: log, ports });
    return startRedis({ ...common, part: parts.redis, logFile: log("redis"), port: await ports.take() });
  };
  const [postgres, redis] = await allOrNone(started, [startServer, startCourier] as const);
  const group = "addresses" in redis ? { name: groupName, sentinels: redis.addresses } : undefined;
  if (group && proxied.some((edge) => edge.endsWith("->redis")))
    throw new UserError("The edges to a Redis that fails over cannot be proxied: its sentinels name its servers. Leave --topology sentinel out.");

  const openPlaces = async () => {
    if (layout !== "regions" || !toxiproxy || !("standby" in postgres) || "addresses" in redis) return undefined;
    const second = started.use(
      await startRedis({ ...common, part: parts.redis, logFile: log("redis-b"), port: await ports.take(), name: "redis-b" }),
    );
    return openRegions({ target, tree: tree.directory, pair: postgres, redis: [redis, second], toxiproxy });
  };
  const regions = await openPlaces();

  const edges: StackEdge[] = [];
  /** The port at which `name` reaches `dependency`: through a proxy of its own where the experiment faults that edge. */
  const edgePort = async (name: string, role: string, dependency: "postgres" | "redis", direct: number): Promise<number> => {
    if (!toxiproxy || !(proxied.includes(`${role}->${dependency}`) || proxied.includes(`*->${dependency}`))) return direct;
    const edge = await toxiproxy.addEdge(`${name}->${dependency}`, `127.0.0.1:${direct}`);
    const probe = dependency === "postgres" ? probePostgres(postgres) : probeRedis(redis);
    edges.push(stackEdge(edge, { host: "127.0.0.1", port: edge.port }, probe));
    return edge.port;
  };

  const running: ProcessInstance[] = [];
  const define = async (role: string): Promise<ProcessInstance> => {
    const before = running.filter((instance) => instance.role === role).length;
    const name = `${role}-${before + 1}`;
    const port = await ports.take();
    const asidePort = passive && (await ports.take());
    const near = await regions?.place({ name, role, nth: before });
    const replica = near?.replica ?? ("replicaPort" in postgres ? postgres.replicaPort(before) : undefined);
    const spec = target.spec({
      instance: name,
      role,
      port,
      postgres: {
        host: "127.0.0.1",
        port: await edgePort(name, role, "postgres", near?.postgres ?? postgres.port),
        user: superuser,
        password,
        database: "postgres",
      },
      ...(replica === undefined ? {} : { replica: { host: "127.0.0.1", port: replica } }),
      redis: { host: "127.0.0.1", port: await edgePort(name, role, "redis", near?.redis ?? redis.port), password, ...(group && { group }) },
      ledger: await options.ledgerFor(name),
      ...(asidePort === undefined ? {} : { passive: { port: asidePort, notices: options.notices } }),
    });
    const own = { ...spec, env: { ...spec.env, ...options.settings?.[role] } };
    const instance = owner.use(defineInstance({ name, role, port, asidePort, spec: own, tree: tree.directory, logFile: log(name), marker, target }));
    running.push(instance);
    return instance;
  };
  for (const [role, count] of Object.entries(options.topology)) {
    if (!(role in target.topology))
      throw new UserError(`Target ${target.id} has no role "${role}". There are: ${Object.keys(target.topology).join(", ")}.`);
    for (let i = 0; i < count; i++) await define(role);
  }
  const firstStart = { together: running.length, ended: await startAtOnce(running) };
  if (passive) {
    const serves = async (role: string): Promise<boolean> =>
      (await Promise.all(running.map((one) => one.role === role && one.isReady(1000)))).includes(true);
    const all = async (): Promise<true | undefined> =>
      (await Promise.all([...new Set(running.map(({ role }) => role))].map(serves))).every(Boolean) || undefined;
    await until("One instance of each role was expected to serve", all, { withinMs: firstServesWithinMs, everyMs: 50 });
  }
  const upstreams = (): ReadonlyMap<string, string> =>
    new Map(running.filter(({ role }) => role === target.frontRole).map(({ name, port }) => [name, `127.0.0.1:${port}`]));
  let balancers = 0;
  const openBalancer = async (settings: Readonly<Record<string, unknown>>, certificate?: Certificate) => {
    const name = balancers++ === 0 ? "nginx" : `nginx-${balancers}`;
    const secure = certificate && { certificate, port: await ports.take() };
    const own = { directory: join(directory, name), logFile: log(name), port: await ports.take(), settings, secure };
    return startBalancer({ part: parts.nginx, target, tree: tree.directory, ...own, upstreams, marker });
  };
  const balancer = started.use(await openBalancer(regions ? { regions: regions.forBalancer(upstreams()) } : (passive?.balancer ?? {})));

  const alertWatcher =
    (part: Part): NonNullable<Stack["watchAlerts"]> =>
    async (of) =>
      startPrometheus({ ...of, part, directory, logFile: log("prometheus"), port: await ports.take(), marker });

  owner = started.move();
  return {
    url: `http://127.0.0.1:${balancer.port}`,
    harness: "127.0.0.1",
    firstStart,
    instances: (): readonly Instance[] => running,
    unreadEdits: tree.unread,
    readTree: tree.text,
    newPostgres: async () =>
      owner.use(await newPostgres({ ...common, part: parts.postgres, logFile: log("new-postgres"), port: await ports.take() })),
    openAnnex: async () => {
      const [some] = running;
      if (!some) throw new Error("An instance was expected whose program can be run beside the deployment, and there is none.");
      const program = { tree: tree.directory, entry: some.entry, logs: options.logs };
      return owner.use(await openAnnex({ ...common, ...program, postgres, redisPort: redis.port, ports }));
    },
    ...(typeof parts.prometheus === "object" ? { watchAlerts: alertWatcher(parts.prometheus) } : {}),
    async addInstance(role) {
      const instance = await define(role);
      await instance.start();
      return instance;
    },
    edges,
    postgres,
    ...("nodes" in postgres ? { cluster: postgres } : {}),
    ...("standby" in postgres ? { pair: postgres } : {}),
    ...(regions ? { regions: regions.all } : {}),
    ...("addresses" in redis ? { redisGroup: redis } : {}),
    redis,
    balancer,
    addBalancer: async (settings, certificate) => owner.use(await openBalancer(settings, certificate)),
    startHog: async (kind, amount) => owner.use(await startHog(kind, amount, { cwd: directory, logFile: log("hog"), marker })),
    [Symbol.asyncDispose]: () => owner.disposeAsync(),
  };
}

/** Starts several things side by side; when one fails, those that came up are still owned by `stack` and go down with it. */
async function allOrNone<const T extends readonly (() => Promise<AsyncDisposable>)[]>(
  stack: AsyncDisposableStack,
  starts: T,
): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  const results = await Promise.allSettled(starts.map((start) => start()));
  for (const result of results) if (result.status === "fulfilled") stack.use(result.value);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };
}
