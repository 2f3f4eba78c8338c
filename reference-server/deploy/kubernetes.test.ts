import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSources } from "../config/sources.ts";
import { readConfig } from "../config.ts";
import { type Instance, startInstance } from "../instance.ts";
import { ask } from "../testing/http.ts";
import { type Resource, readManifests, schemaErrors } from "../testing/kubernetes.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const resources = await readManifests(new URL("kubernetes/", import.meta.url));
const named = (kind: string, name: string): Resource => {
  const found = resources.find((resource) => resource.kind === kind && resource.metadata.name === name);
  if (!found)
    throw new Error(`Expected a ${kind} ${name} among ${resources.map((resource) => `${resource.kind} ${resource.metadata.name}`).join(", ")}.`);
  return found;
};
const workloads = ["api", "queue"].map((role) => ({ role, deployment: named("Deployment", `agent-server-${role}`) }));
const containerOf = (deployment: Resource) => deployment.spec.template.spec.containers[0];

describe("the Kubernetes manifests (HS-12)", () => {
  it.each(resources.map((resource) => [`${resource.kind} ${resource.metadata.name}`, resource] as const))(
    "%s fits the published schema",
    async (_name, resource) => {
      expect(await schemaErrors(resource)).toEqual([]);
    },
  );

  it("has every kind that the documents name", () => {
    const kinds = [
      "ConfigMap",
      "Deployment",
      "HorizontalPodAutoscaler",
      "PersistentVolumeClaim",
      "PodDisruptionBudget",
      "Secret",
      "Service",
      "StatefulSet",
    ];
    expect([...new Set(resources.map(({ kind }) => kind))].sort()).toEqual(kinds);
  });

  it.each([
    [
      "a field that does not exist",
      (container: Record<string, unknown>) => Object.assign(container, { readinesProbe: container.readinessProbe }),
      "readinesProbe",
    ],
    [
      "a number that is text",
      (container: Record<string, unknown>) => Object.assign(container, { livenessProbe: { httpGet: { port: 1 }, periodSeconds: "10" } }),
      "periodSeconds",
    ],
    ["a required field that is missing", (container: Record<string, unknown>) => delete container.name, "name"],
  ])("would be refused with %s", async (_what, spoil, where) => {
    const copy = structuredClone(named("Deployment", "agent-server-api"));
    spoil(containerOf(copy));
    expect((await schemaErrors(copy)).join("\n")).toContain(where);
  });

  it("leads each Service, budget and autoscaler to pods that exist, by ports that they name", () => {
    const pods = resources.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
    for (const { kind, metadata, spec } of resources) {
      const selector = kind === "Service" ? spec.selector : kind === "PodDisruptionBudget" ? spec.selector.matchLabels : undefined;
      const chosen = pods.filter(
        (pod) => selector && Object.entries(selector).every(([key, value]) => pod.spec.template.metadata.labels[key] === value),
      );
      if (selector) expect([kind, metadata.name, chosen.length]).toEqual([kind, metadata.name, 1]);
      const ports = chosen.flatMap((pod) => containerOf(pod).ports.map((port: { name: string }) => port.name));
      if (kind === "Service") expect(ports).toContain(spec.ports[0].targetPort);
      if (kind === "HorizontalPodAutoscaler") expect(named(spec.scaleTargetRef.kind, spec.scaleTargetRef.name)).toBeDefined();
    }
  });

  it("scales from 3 to 10 at 70 % CPU and 80 % memory, and does not fix the number besides (AB-16)", () => {
    const { spec } = named("HorizontalPodAutoscaler", "agent-server-api");
    const targets = spec.metrics.map(({ resource }: { resource: { name: string; target: { averageUtilization: number } } }) => [
      resource.name,
      resource.target.averageUtilization,
    ]);
    expect([spec.minReplicas, spec.maxReplicas, Object.fromEntries(targets)]).toEqual([3, 10, { cpu: 70, memory: 80 }]);
    expect(named("Deployment", "agent-server-api").spec).not.toHaveProperty("replicas");
  });

  it("carries the numbers of the guide's manifest (AB-25, AB-27)", () => {
    const { resources: size, ports, livenessProbe, readinessProbe } = containerOf(named("Deployment", "agent-server-api"));
    expect(size).toEqual({ requests: { cpu: "1000m", memory: "1Gi" }, limits: { cpu: "2000m", memory: "2Gi" } });
    const times = [livenessProbe, readinessProbe].map(({ initialDelaySeconds, periodSeconds }) => [initialDelaySeconds, periodSeconds]);
    expect(times).toEqual([
      [30, 10],
      [10, 5],
    ]);
    const [{ port, targetPort }] = named("Service", "agent-server").spec.ports;
    expect([port, ports.find(({ name }: { name: string }) => name === targetPort).containerPort]).toEqual([80, 8000]);
  });

  it("replaces one instance after another, and goes on when the new one is ready, not after a pause (AB-26)", () => {
    const { strategy, template } = named("Deployment", "agent-server-api").spec;
    expect(strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(template.spec.containers[0].readinessProbe.httpGet.path).toBe("/api/v1/monitoring/ready");
  });

  describe.each(workloads)("the $role instances", ({ role, deployment }) => {
    const container = containerOf(deployment);
    /** What the container's process finds, and the files that are mounted. */
    const { data } = named("ConfigMap", "agent-server");
    const env: Record<string, string> = { ...data };
    for (const { name, value, valueFrom } of container.env)
      env[name] = value ?? (valueFrom.fieldRef.fieldPath === "metadata.name" ? "pod-7d9f-x2x" : "");
    const mounts = new Map<string, string>();
    for (const { key, path } of deployment.spec.template.spec.volumes[0].secret.items) {
      mounts.set(`${container.volumeMounts[0].mountPath}/${path}`, named("Secret", "agent-server").stringData[key]);
    }

    it("get settings that the server takes, and none that it does not know", () => {
      const sources = readSources(env, ".env", (path) => mounts.get(path));
      const read = new Set<string>();
      const config = readConfig(
        new Proxy(sources, {
          get(target, key) {
            read.add(String(key));
            return Reflect.get(target, key);
          },
        }),
      );
      expect([config.role, config.host, config.port]).toEqual([role, "0.0.0.0", container.ports[0].containerPort]);
      expect(Object.keys(env).filter((name) => !read.has(name.replace(/_FILE$/, "")))).toEqual([]);
    });

    it("get the time that they need to stop", () => {
      const { terminationGracePeriodSeconds } = deployment.spec.template.spec;
      const preStopSeconds: number = container.lifecycle?.preStop.sleep.seconds ?? 0;
      // main.ts allows 12 s for giving back and closing after the drain time.
      expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(preStopSeconds + Number(env.DRAIN_MS) / 1000 + 12);
    });
  });

  describe.skipIf(noServices)("the probes (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
    let services: Services;
    beforeAll(async () => {
      services = await startServices();
    });
    afterAll(() => services?.[Symbol.asyncDispose]());

    const status = async (instance: Instance, path: string): Promise<number> => (await ask(instance.port, path)).status;
    const start = (role: string, over: Parameters<typeof testConfig>[2] = {}): Promise<Instance> =>
      startInstance(testConfig(services, role === "api" ? "api" : "queue", over), quiet, (error) => {
        throw error;
      });

    it.each(workloads)(
      "of the $role instances ask for what the server has; liveness does not depend on the database",
      async ({ role, deployment }) => {
        const { livenessProbe, readinessProbe } = containerOf(deployment);
        const [live, ready] = [livenessProbe.httpGet.path, readinessProbe.httpGet.path];
        const well = await start(role);
        const away = await start(role, { databaseUrl: "postgres://nobody@127.0.0.1:9/nothing", outageBudgetMs: 0 });
        try {
          await eventually(
            () => status(well, ready),
            (answered) => answered === 200,
          );
          expect(await status(well, live)).toBe(200);
          expect(await status(well, `${live}ness`)).toBe(404);
          expect([await status(away, live), await status(away, ready)]).toEqual([200, 503]);
        } finally {
          await Promise.all([well.stop(), away.stop()]);
        }
      },
    );
  });
});
