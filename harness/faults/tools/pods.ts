/** Pods beside the deployment: containers are processes of the target, with the settings that manifests give them. Addresses alone are others than in a cluster. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sleep } from "../../base/clock.ts";
import type { Annex } from "../../drivers/stack.ts";
import { type Pod, runPod, statusOf } from "./kubelet.ts";
import { nameOfPod, type PodSpec, type Resource, selects } from "./manifests.ts";

/** The address of all pods. Who listens on 127.0.0.1 only cannot be reached at it, as in a cluster. */
const podHost = "127.8.0.1";
const everywhere = "0.0.0.0";
const aliveWithinMs = 1000;
const usualPorts: Readonly<Record<string, string>> = { "postgres:": "5432", "postgresql:": "5432", "redis:": "6379" };

export interface Pods extends AsyncDisposable {
  all(): readonly Pod[];
  run(spec: PodSpec): Promise<Pod>;
  /** The ready pods that a Service selects, at the port that it leads to. */
  endpoints(service: Resource): readonly { readonly host: string; readonly port: number }[];
  /** Starts a container with another value of one setting: whether it ended or served all the same; undefined where neither was seen in time. */
  tryWith(spec: PodSpec, setting: string, value: string, withinMs: number): Promise<"ended" | "serves" | undefined>;
}

export function openPods(options: {
  readonly annex: Annex;
  readonly resources: readonly Resource[];
  readonly faster: number;
  /** The page on which a process says that it is alive, whatever the manifest asks. */
  readonly live: string;
  /** The setting that says at which port it listens. */
  readonly portSetting: string;
}): Pods {
  const { annex, resources, faster, live, portSetting } = options;
  const running: { readonly pod: Pod; readonly hostPort: (port: number) => number }[] = [];
  let count = 0;

  /** Where a dependency is, if its address leads to a Service of the manifests; otherwise it stays, and leads nowhere. */
  const resolved = (text: string): string => {
    if (!URL.canParse(text)) return text;
    const { protocol, hostname, port } = new URL(text);
    const usual = usualPorts[protocol];
    const wanted = Number(port || usual);
    const service = resources.find(({ kind, metadata }) => kind === "Service" && metadata.name === hostname);
    if (usual === undefined || !service?.spec?.ports?.some((one) => one.port === wanted)) return text;
    return protocol === "redis:" ? annex.redisUrl : annex.postgresUrl;
  };

  /** Ports of this machine for those of the container, and its environment with all that is another here. */
  const place = async (spec: PodSpec, name: string) => {
    const own = Number(spec.environment[portSetting]);
    const ports = new Map<number, number>();
    for (const port of [own, spec.liveness.port, spec.readiness.port]) if (!ports.has(port)) ports.set(port, await annex.takePort());
    const nobodys = await annex.takePort();
    const hostPort = (port: number): number => ports.get(port) ?? nobodys;
    const mounted = new Map([...spec.files.keys()].map((path) => [path, join(annex.directory, name, path)]));
    for (const [path, text] of spec.files) {
      const file = mounted.get(path) ?? "";
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, resolved(text), { mode: 0o600 });
    }
    const local = (key: string, value: string): string => {
      if (key === portSetting) return String(hostPort(own));
      if (value === nameOfPod) return name;
      return value === everywhere ? podHost : (mounted.get(value) ?? resolved(value));
    };
    const environment = Object.fromEntries(Object.entries(spec.environment).map(([key, value]) => [key, local(key, value)]));
    const isAlive = async (): Promise<boolean> => {
      for (const host of [podHost, "127.0.0.1"]) if ((await statusOf(host, hostPort(own), live, aliveWithinMs)) === 200) return true;
      return false;
    };
    return { environment, hostPort, isAlive };
  };
  const named = (spec: PodSpec): string => `${spec.workload}-${++count}`;

  return {
    all: () => running.map(({ pod }) => pod),
    async run(spec) {
      const name = named(spec);
      const { environment, hostPort, isAlive } = await place(spec, name);
      const pod = runPod({ name, spec, host: podHost, faster, hostPort, isAlive, start: () => annex.start(name, environment) });
      running.push({ pod, hostPort });
      return pod;
    },
    endpoints: (service) =>
      running.flatMap(({ pod, hostPort }) => {
        const [way] = service.spec?.ports ?? [];
        const port = way && pod.spec.portOf(way.targetPort ?? way.port);
        return port !== undefined && pod.isReady() && selects(service, pod.spec.labels) ? [{ host: podHost, port: hostPort(port) }] : [];
      }),
    async tryWith(spec, setting, value, withinMs) {
      const name = named(spec);
      const { environment, isAlive } = await place(spec, name);
      const process = await annex.start(name, { ...environment, [setting]: value });
      const deadline = performance.now() + withinMs;
      try {
        while (performance.now() < deadline) {
          if (process.outcome() !== undefined) return "ended";
          if (await isAlive()) return "serves";
          await sleep(50);
        }
        return undefined;
      } finally {
        await process.stop("SIGKILL", 0);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map(({ pod }) => pod[Symbol.asyncDispose]()));
    },
  };
}
