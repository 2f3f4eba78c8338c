/** The services of one stack, as a Compose file laid over the target's own: what is added or changed here is brought up by Compose, so that everything else is as the target's file has it. */
import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import type Docker from "dockerode";
import { messageOf } from "../../base/errors.ts";
import { type ComposeProject, compose } from "./compose.ts";
import { type Container, defineContainer } from "./container.ts";
import { type Engine, label } from "./engine.ts";

/** What a service is to be, in Compose's words. */
export type Service = Readonly<Record<string, unknown>>;

export interface Deployment extends AsyncDisposable {
  readonly docker: Docker;
  readonly name: string;
  /** The target's own Compose file. */
  readonly file: string;
  readonly password: string;
  /** The harness's address in the network of the judge, which no fault touches. */
  readonly judge: string;
  /** A fixed address in the network. */
  takeAddress(network: "front" | "data"): string;
  /** The addresses of the network `data`, the harness's own there included: one of them with the length of its prefix. */
  readonly dataNetwork: string;
  /** Lays the service over the target's file; takes effect with `up`. */
  put(service: string, as: Service): void;
  /** Makes and starts the containers of these services, anew where they have changed. */
  up(services: readonly string[]): Promise<void>;
  /** The container of a service that has one. */
  container(service: string): Container;
}

/** Reserved for the measurement of network devices (RFC 2544): nobody else on a machine has addresses of it. */
const ownNetwork = (n: number): string => `198.18.${n}`;
const judgeNetwork = (n: number): string => `198.19.${n}`;
const tries = 8;

export async function openDeployment(options: {
  readonly engine: Engine;
  readonly project: Omit<ComposeProject, "name" | "over">;
  readonly marker: string;
  readonly logs: string;
  /** Services of the target's file that get none of their usual containers. */
  readonly without: readonly string[];
}): Promise<Deployment> {
  const { engine, marker } = options;
  const { docker } = engine;
  const name = `runproof-${marker}-${randomBytes(3).toString("hex")}`;
  const password = randomBytes(18).toString("hex");
  const labels = { [`${label}.run`]: marker };
  const { number, network } = await openJudge(docker, `${name}_judge`, labels);
  const services: Record<string, Service> = Object.fromEntries(options.without.map((service) => [service, { deploy: { replicas: 0 } }]));
  const containers: Container[] = [];
  const over = new AbortController();
  // Halves: one for each network. Below the first fixed address, and in the last quarter, are those that the engine gives.
  const next = { front: 10, data: 140 };
  const dataNetwork = `${ownNetwork(number)}.128/25`;
  const project = (): ComposeProject => ({
    ...options.project,
    name,
    env: { ...options.project.env, POSTGRES_PASSWORD: password, REDIS_PASSWORD: password },
    over: {
      services,
      networks: {
        front: { labels, ipam: { config: [{ subnet: `${ownNetwork(number)}.0/25` }] } },
        data: { labels, ipam: { config: [{ subnet: dataNetwork, ip_range: `${ownNetwork(number)}.192/26` }] } },
        judge: { external: true, name: network },
      },
      // The archive is that of a Postgres of several servers.
      volumes: { postgres: { labels }, redis: { labels }, archive: { labels } },
    },
  });
  return {
    ...{ docker, name, password, dataNetwork, file: join(options.project.directory, "compose.yaml") },
    judge: `${judgeNetwork(number)}.1`,
    takeAddress: (network) => `${ownNetwork(number)}.${next[network]++}`,
    put(service, as) {
      services[service] = { ...as, labels };
    },
    up: async (wanted) => void (await compose(engine, project(), ["up", "--detach", "--no-deps", "--no-build", "--pull", "never", ...wanted])),
    container(service) {
      const container = defineContainer({ docker, project: name, service, logFile: join(options.logs, `${service}.log`), signal: over.signal });
      containers.push(container);
      return container;
    },
    async [Symbol.asyncDispose]() {
      try {
        for (const container of containers) await container.saveLog();
        await compose(engine, project(), ["down", "--volumes", "--timeout", "0", "--remove-orphans"]);
        await docker.getNetwork(network).remove();
      } finally {
        over.abort();
      }
    },
  };
}

/** The network between instances and ledger, with a number for its addresses that no other network has. */
async function openJudge(
  docker: Docker,
  network: string,
  labels: Readonly<Record<string, string>>,
): Promise<{ readonly number: number; readonly network: string }> {
  for (let tried = 1; ; tried++) {
    const number = randomInt(0, 256);
    const config = [{ Subnet: `${judgeNetwork(number)}.0/24`, Gateway: `${judgeNetwork(number)}.1` }];
    try {
      await docker.createNetwork({ Name: network, Internal: true, Labels: { ...labels }, IPAM: { Driver: "default", Config: config } });
      return { number, network };
    } catch (error) {
      if (!/overlap/i.test(messageOf(error)) || tried === tries) throw error;
    }
  }
}
