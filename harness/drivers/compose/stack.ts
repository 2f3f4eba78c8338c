/** Brings the whole topology up as containers, and takes it down whatever throws. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../base/errors.ts";
import { isCluster } from "../../core/experiment.ts";
import type { Target } from "../../core/target.ts";
import { beyondClusters, openCluster } from "../cluster/cluster.ts";
import { superuser } from "../dependency-clients.ts";
import { probePostgres, probeRedis } from "../edge-probe.ts";
import { startHog } from "../process/hog.ts";
import { openPorts } from "../process/ports.ts";
import { copyTree } from "../process/tree.ts";
import { stackEdge } from "../proxied-edges.ts";
import type { Driver, Stack, StackEdge, StackOptions } from "../stack.ts";
import { startBalancer } from "./balancer.ts";
import { composeMembers } from "./cluster/members.ts";
import { definePostgres, defineRedis, defineToxiproxy } from "./dependencies.ts";
import { openDeployment } from "./deployment.ts";
import type { Engine } from "./engine.ts";
import type { Containers } from "./inside.ts";
import { type ComposeInstance, defineInstance } from "./instance.ts";

export interface ComposeDriver extends Driver {
  readonly engine: Engine;
  /** Variables of the target's Compose file: its images. */
  readonly images: Readonly<Record<string, string>>;
}

const beyondAlways: ComposeDriver["beyond"] = {
  standby: "The topology standby is beyond the compose driver: it starts no server that is promoted by hand.",
  regions: "The topology regions is beyond the compose driver: all its instances share one Redis.",
  sentinel: "The topology sentinel is beyond the compose driver: it starts one Redis.",
  passive: "The topology passive is beyond the compose driver: every instance of compose.yaml serves.",
};

const lacks = {
  backups: "the copies that its nodes could make have no place outside of their containers",
  "client addresses": "the engine's own proxy stands between clients and balancer, so that all clients have one address",
  tls: "its balancers have one port each",
  "first starts": "the steps of an image's entry point cannot be watched one by one",
  "settings of their own": "its instances get their settings from compose.yaml",
  "name service": "its balancers ask the engine's own name service",
  "alert rules": "no Prometheus is among its containers",
};

/** What a suite prepares once for all its stacks. */
export function composeDriver({
  noCluster,
  ...options
}: Pick<ComposeDriver, "engine" | "images" | "project" | "directory" | "marker"> & Pick<Containers, "noCluster">): ComposeDriver {
  const beyond = noCluster === undefined ? beyondAlways : { ...beyondAlways, ...beyondClusters(noCluster) };
  const driver: ComposeDriver = { ...options, id: "compose", lacks, beyond, startStack: (stack) => startStack(driver, stack) };
  return driver;
}

/** Where a target's Compose file is. @throws UserError when it is not deployed in containers */
export function containersOf(target: Target): NonNullable<Target["containers"]> {
  if (target.containers === undefined) throw new UserError(`Target ${target.id} has no compose.yaml: it cannot be deployed in containers.`);
  return target.containers;
}

async function startStack(driver: ComposeDriver, options: StackOptions): Promise<Stack> {
  const { target, proxied, layout = "single" } = options;
  const { engine, marker } = driver;
  const containers = containersOf(target);
  await using started = new AsyncDisposableStack();
  let owner: AsyncDisposableStack = started;
  const directory = join(driver.directory, options.name);
  await mkdir(directory, { mode: 0o711 });
  const log = (name: string): string => join(options.logs, `${name}.log`);
  const ports = started.use(openPorts());
  const tree = await copyTree({ project: driver.project, tree: target.tree, directory, defect: options.defect });
  const roles = Object.keys(target.topology);
  const deployment = started.use(
    await openDeployment({
      ...{ engine, marker, logs: options.logs, without: isCluster(layout) ? [...roles, "postgres"] : roles },
      // No port of the target's file is wanted: the engine takes any.
      project: { directory: join(driver.project, containers.directory), env: { ...driver.images, HTTP_PORT: "" } },
    }),
  );
  const place = async (name: string) => ({ deployment, port: await ports.take(), logFile: log(name) });
  const single = isCluster(layout) ? undefined : definePostgres(await place("postgres"));
  const redis = defineRedis(await place("redis"));
  const toxiproxy = proxied.length > 0 || isCluster(layout) ? defineToxiproxy(await place("toxiproxy")) : undefined;
  await deployment.up([...(single ? ["postgres"] : []), "redis"]);
  await Promise.all([single?.started(), redis.started()]);
  // By itself: Compose would wait for the health of what it depends on, and here nobody asks for that.
  if (toxiproxy) await deployment.up(["toxiproxy"]).then(toxiproxy.started);
  const { password } = deployment;
  const startCluster = async () => {
    if (!isCluster(layout) || !toxiproxy) throw new Error(`The topology ${layout} was expected to be one of a Postgres that fails over.`);
    const members = composeMembers({ deployment, images: driver.images, toxiproxy, directory, logFile: log });
    return started.use(await openCluster({ target, layout, tree: tree.directory, password, members }));
  };
  const postgres = single ?? (await startCluster());

  const edges: StackEdge[] = [];
  /** Where `name` reaches `dependency`: through a proxy of its own where the experiment faults that edge. */
  const edgePlace = async (
    name: string,
    role: string,
    dependency: "postgres" | "redis",
  ): Promise<{ readonly host: string; readonly port: number }> => {
    const postgresPlace = "entrance" in postgres ? postgres.entrance : { host: "postgres", port: 5432 };
    const direct = dependency === "postgres" ? postgresPlace : { host: "redis", port: 6379 };
    if (!toxiproxy || !(proxied.includes(`${role}->${dependency}`) || proxied.includes(`*->${dependency}`))) return direct;
    const edge = await toxiproxy.addEdge(`${name}->${dependency}`, `${direct.host}:${direct.port}`);
    const probe = dependency === "postgres" ? probePostgres(postgres) : probeRedis(redis);
    edges.push(stackEdge(edge, { host: toxiproxy.host(), port: edge.port }, probe));
    return { host: "toxiproxy", port: edge.port };
  };

  const running: (ComposeInstance & { readonly address: string })[] = [];
  const define = async (role: string): Promise<ComposeInstance> => {
    if (!roles.includes(role)) throw new UserError(`Target ${target.id} has no role "${role}". There are: ${roles.join(", ")}.`);
    const before = running.filter((instance) => instance.role === role).length;
    const name = `${role}-${before + 1}`;
    const port = await ports.take();
    const spec = target.spec({
      ...{ instance: name, role, port, host: "0.0.0.0" },
      postgres: { ...(await edgePlace(name, role, "postgres")), user: superuser, password, database: "postgres" },
      ...("entrance" in postgres ? { replica: postgres.replica(before) } : {}),
      redis: { ...(await edgePlace(name, role, "redis")), password },
      ledger: await options.ledgerFor(name, deployment.judge),
    });
    const isFront = role === target.frontRole;
    const address = isFront ? deployment.takeAddress("front") : "";
    const service = {
      extends: { file: deployment.file, service: role },
      deploy: { replicas: 1 },
      command: ["node", spec.entry],
      environment: { ...spec.env, ...options.settings?.[role] },
      // The copy of the tree, where planted defects are; the packages are the image's. Its files are not the server's own to write; mounted read-only, they
      // would not tell that they were read.
      volumes: [`${tree.directory}:${containers.tree}`],
      ports: [`127.0.0.1:${port}:${port}`],
      networks: { data: {}, judge: {}, ...(isFront ? { front: { ipv4_address: address } } : {}) },
      // The harness asks itself, and what asks inside the container would take the instance's time.
      healthcheck: { disable: true },
    };
    const instance = defineInstance({ deployment, name, role, port, service, logFile: log(name), target });
    running.push({ ...instance, address });
    return instance;
  };
  for (const [role, count] of Object.entries(options.topology)) for (let i = 0; i < count; i++) await define(role);
  await deployment.up(running.map(({ name }) => name));
  await allStarted(running);
  const upstreams = (): ReadonlyMap<string, string> =>
    new Map(running.filter(({ role }) => role === target.frontRole).map(({ name, address, port }) => [name, `${address}:${port}`]));
  let balancers = 0;
  const openBalancer = async (settings: Readonly<Record<string, unknown>>) => {
    const service = balancers++ === 0 ? "nginx" : `nginx-${balancers}`;
    const own = { service, directory, logFile: log(service), port: await ports.take(), settings };
    return startBalancer({ deployment, target, tree: tree.directory, ...own, upstreams });
  };
  const balancer = await openBalancer({});

  owner = started.move();
  return {
    url: `http://127.0.0.1:${balancer.port}`,
    harness: deployment.judge,
    // One that ends by itself ends the experiment.
    firstStart: { together: running.length, ended: [] },
    instances: () => running,
    unreadEdits: tree.unread,
    readTree: tree.text,
    async addInstance(role) {
      const instance = await define(role);
      await deployment.up([instance.name]);
      await instance.started();
      return instance;
    },
    ...{ edges, postgres, redis, balancer },
    ...("nodes" in postgres ? { cluster: postgres } : {}),
    addBalancer: async (settings) => {
      const { port, requests, kill } = await openBalancer(settings);
      return owner.use({ port, requests, [Symbol.asyncDispose]: kill });
    },
    startHog: async (kind, amount) => owner.use(await startHog(kind, amount, { cwd: directory, logFile: log("hog"), marker })),
    [Symbol.asyncDispose]: () => owner.disposeAsync(),
  };
}

/** All are waited for, so that none comes up while the deployment goes down; then the first that did not is told. */
async function allStarted(instances: readonly ComposeInstance[]): Promise<void> {
  const results = await Promise.allSettled(instances.map((instance) => instance.started()));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
