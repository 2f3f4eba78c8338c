/** The numbers that Kubernetes manifests say, of pods, of what scales and keeps them, and of the Postgres and the Redis beside them. */
import { type Container, containerOf, podOf, portOf, type Resource, selects, workloadsOf } from "./manifests.ts";

const lineOf = ({ command = [], args = [] }: Container): string => [...command, ...args].join(" ");

const inCores = (text = ""): number => (text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text || Number.NaN));
const units: Readonly<Record<string, number>> = { Mi: 1, Gi: 1024 };
const inMiB = (text = ""): number => Number(text.slice(0, -2)) * (units[text.slice(-2)] ?? Number.NaN);

/** A number of pods; NaN: it is a share of them, or not said. */
const wholeOf = (count: number | string | undefined): number => (typeof count === "number" ? count : Number.NaN);

/** Where the images of Postgres (PGDATA) and Redis keep their data. */
const usualData = "/data";

/** By the name of a StatefulSet whether a new pod finds the data of the one before: it lies in a volume that was claimed, and not in one that goes with the pod. */
function keptBy(set: Resource): readonly (readonly [string, number])[] {
  const { spec, metadata } = set;
  const container = containerOf(set);
  const data = container.env?.find(({ name }) => name === "PGDATA")?.value ?? usualData;
  const claimed = new Set([
    ...(spec?.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => name),
    ...(spec?.template?.spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) => (persistentVolumeClaim ? [name] : [])),
  ]);
  const isKept = (container.volumeMounts ?? []).some(({ name, mountPath }) => claimed.has(name) && `${data}/`.startsWith(`${mountPath}/`));
  return [[`${metadata.name} keepsData`, isKept ? 1 : 0]];
}

/** What Postgres allows where nobody says otherwise, and what of it is kept for superusers. */
const [usualConnections, reservedConnections] = [100, 3];

/** How many connections all pods of all Deployments may open together, as many as there may be with those that an update adds; and how many Postgres lets them. */
export function connectionsIn(resources: readonly Resource[], poolSettings: readonly string[]): Readonly<Record<string, number>> {
  const workloads = workloadsOf(resources);
  const podsOf = ({ metadata, spec }: Resource): number => {
    const scaler = resources.find((one) => one.spec?.scaleTargetRef?.name === metadata.name)?.spec;
    const surge = wholeOf(spec?.strategy?.rollingUpdate?.maxSurge ?? 0);
    return (scaler?.maxReplicas ?? spec?.replicas ?? 1) + (Number.isNaN(surge) ? 0 : surge);
  };
  const ofPod = (one: Resource): number => poolSettings.reduce((sum, setting) => sum + Number(podOf(resources, one).environment[setting] ?? 0), 0);
  const atMost = workloads.filter(({ kind }) => kind === "Deployment").reduce((sum, one) => sum + podsOf(one) * ofPod(one), 0);
  const server = workloads.map(containerOf).find(({ env = [] }) => env.some(({ name }) => name === "PGDATA"));
  if (!server) return {};
  const allowed = Number(/max_connections=(\d+)/.exec(lineOf(server))?.[1] ?? usualConnections);
  return { connectionsAtMost: atMost, connectionsAllowed: allowed - reservedConnections };
}

const mebi: Readonly<Record<string, number>> = { mb: 1, gb: 1024 };

/** What the Redis among the workloads is told on its command line; what it is not told is left out. */
function redisIn(resources: readonly Resource[]): Readonly<Record<string, number>> {
  const lines = workloadsOf(resources).map((one) => lineOf(containerOf(one)));
  const line = lines.find((text) => text.includes("redis-server")) ?? "";
  const said = (name: string): string | undefined => new RegExp(`--${name} +(\\S+)`).exec(line)?.[1];
  const is = (name: string, value: string): number => (said(name) === undefined ? Number.NaN : said(name) === value ? 1 : 0);
  const [, amount = "", unit = ""] = /^(\d+)(mb|gb)$/.exec(said("maxmemory") ?? "") ?? [];
  return {
    ...{ "redis appendonly": is("appendonly", "yes"), "redis allkeysLru": is("maxmemory-policy", "allkeys-lru") },
    ...{ "redis maxmemoryMiB": Number(amount || Number.NaN) * (mebi[unit] ?? Number.NaN) },
    ...{ "redis timeoutS": Number(said("timeout")), "redis keepaliveS": Number(said("tcp-keepalive")), "redis backlog": Number(said("tcp-backlog")) },
  };
}

/** The numbers of a Deployment that a Service leads to, of what scales and keeps it, and of the Postgres and the Redis beside it; those that the manifests do not say are left out. */
export function numbersOf(resources: readonly Resource[], deployment: Resource): Readonly<Record<string, number>> {
  const container = containerOf(deployment);
  const { requests, limits } = container.resources ?? {};
  const labels = deployment.spec?.template?.metadata.labels ?? {};
  const service = resources.find((one) => one.kind === "Service" && selects(one, labels));
  const [way] = service?.spec?.ports ?? [];
  const scaler = resources.find(({ spec }) => spec?.scaleTargetRef?.name === deployment.metadata.name)?.spec;
  const budget = resources.find((one) => one.kind === "PodDisruptionBudget" && selects(one, labels))?.spec;
  const percent = (of: string): number | undefined =>
    scaler?.metrics?.find(({ resource }) => resource?.name === of)?.resource?.target.averageUtilization;
  const all = {
    livenessDelayS: container.livenessProbe?.initialDelaySeconds,
    livenessPeriodS: container.livenessProbe?.periodSeconds,
    readinessDelayS: container.readinessProbe?.initialDelaySeconds,
    readinessPeriodS: container.readinessProbe?.periodSeconds,
    ...{ requestedCores: inCores(requests?.cpu), requestedMiB: inMiB(requests?.memory) },
    ...{ limitCores: inCores(limits?.cpu), limitMiB: inMiB(limits?.memory) },
    servicePort: way?.port,
    containerPort: way && portOf(container, way.targetPort ?? way.port),
    ...{ minReplicas: scaler?.minReplicas, maxReplicas: scaler?.maxReplicas, cpuPercent: percent("cpu"), memoryPercent: percent("memory") },
    minAvailable: budget?.minAvailable,
    maxUnavailable: wholeOf(deployment.spec?.strategy?.rollingUpdate?.maxUnavailable),
    ...Object.fromEntries(resources.filter(({ kind }) => kind === "StatefulSet").flatMap(keptBy)),
    ...redisIn(resources),
  };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined || Number.isNaN(value) ? [] : [[name, value]])));
}
