import { expect, test } from "vitest";
import { connectionsIn, numbersOf } from "./manifest-numbers.ts";
import { danglingIn, nameOfPod, podOf, readResources } from "./manifests.ts";

const texts = [
  `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: &labels { app: web } }
  template:
    metadata: { labels: *labels }
    spec:
      containers:
        - name: web
          ports: [{ name: http, containerPort: 8000 }]
          envFrom: [{ configMapRef: { name: settings } }]
          env:
            - { name: ROLE, value: api }
            - { name: ID, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
          volumeMounts: [{ name: secrets, mountPath: /run/secrets }]
          resources: { requests: { cpu: 500m, memory: 1Gi }, limits: { cpu: "2" } }
          livenessProbe: { httpGet: { path: /live, port: http }, initialDelaySeconds: 30 }
          readinessProbe: { httpGet: { path: /ready, port: 8000 }, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 }
          lifecycle: { preStop: { sleep: { seconds: 5 } } }
      volumes: [{ name: secrets, secret: { secretName: keys, items: [{ key: URL, path: url }] } }]
---
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
---
kind: PodDisruptionBudget
metadata: { name: web }
spec: { minAvailable: 2, selector: { matchLabels: { app: web } } }
`,
  `
kind: ConfigMap
metadata: { name: settings }
data: { PORT: "8000", URL_FILE: /run/secrets/url }
---
kind: Secret
metadata: { name: keys }
stringData: { URL: "redis://redis:6379" }
`,
];
const resources = readResources(texts);
const [web] = resources;
if (!web) throw new Error("A Deployment was expected.");

test("a pod has the settings, files, probes and times of its manifest, and what holds where it says nothing", () => {
  expect(podOf(resources, web)).toMatchObject({
    environment: { PORT: "8000", URL_FILE: "/run/secrets/url", ROLE: "api", ID: nameOfPod },
    files: new Map([["/run/secrets/url", "redis://redis:6379"]]),
    liveness: { path: "/live", port: 8000, delayMs: 30_000, periodMs: 10_000, timeoutMs: 1000, successes: 1, failures: 3 },
    readiness: { path: "/ready", port: 8000, delayMs: 0, periodMs: 5000, timeoutMs: 2000, failures: 2 },
    preStopMs: 5000,
    graceMs: 30_000,
  });
  expect(podOf(resources, web).portOf("http")).toBe(8000);
  expect(podOf(resources, web).portOf("metrics")).toBeUndefined();
});

test("numbers are told by name, and those that nobody says are not", () => {
  expect(numbersOf(resources, web)).toEqual({
    ...{ livenessDelayS: 30, readinessPeriodS: 5, requestedCores: 0.5, requestedMiB: 1024, limitCores: 2 },
    ...{ servicePort: 80, containerPort: 8000, minAvailable: 2 },
  });
});

test("of what is beside it: whether its data outlives a pod, and what Redis is told", () => {
  const set = (name: string, volume: string, more: string) => `
kind: StatefulSet
metadata: { name: ${name} }
spec:
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers: [{ name: ${name}, volumeMounts: [{ name: data, mountPath: /var/lib/data }], ${more} }]
      ${volume}`;
  const claim = "volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]";
  const beside = (...more: readonly string[]) => numbersOf(readResources([...texts, more.join("\n---\n")]), web);
  const postgres = "env: [{ name: PGDATA, value: /var/lib/data/pgdata }]";
  expect(beside(set("postgres", claim, postgres))).toMatchObject({ "postgres keepsData": 1 });
  expect(beside(set("postgres", "volumes: [{ name: data, emptyDir: {} }]", postgres))).toMatchObject({ "postgres keepsData": 0 });
  expect(beside(set("postgres", claim, "env: [{ name: PGDATA, value: /var/lib/database }]"))).toMatchObject({ "postgres keepsData": 0 });
  const args = "--appendonly yes --maxmemory 2gb --maxmemory-policy noeviction --tcp-backlog 511 --timeout 300";
  const redis = beside(set("redis", claim, `command: [sh, -c], args: ["exec redis-server ${args}"]`));
  expect(redis).toMatchObject({ "redis keepsData": 0, "redis appendonly": 1, "redis allkeysLru": 0, "redis maxmemoryMiB": 2048 });
  expect(redis).toMatchObject({ "redis timeoutS": 300, "redis backlog": 511 });
  expect(redis).not.toHaveProperty("redis keepaliveS");
});

test("the connections of all pods that there may be, and what Postgres allows them", () => {
  const scaled = `
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec: { scaleTargetRef: { kind: Deployment, name: web }, maxReplicas: 4 }`;
  const server = (args: string) => `
kind: StatefulSet
metadata: { name: postgres }
spec: { template: { metadata: { labels: {} }, spec: { containers: [{ name: postgres, env: [{ name: PGDATA, value: /data }], ${args} }] } } }`;
  const pooled = texts.map((text) => text.replace('data: { PORT: "8000",', 'data: { PORT: "8000", POOL: "10", MORE: "2",'));
  const surging = pooled.map((text) => text.replace("spec:\n  selector", "spec:\n  strategy: { rollingUpdate: { maxSurge: 1 } }\n  selector"));
  const told = (...all: readonly string[]) => connectionsIn(readResources(all), ["POOL", "MORE", "NOTHING"]);
  expect(told(...pooled, scaled, server("args: [-c, max_connections=200]"))).toEqual({ connectionsAtMost: 48, connectionsAllowed: 197 });
  expect(told(...surging, scaled, server("args: []"))).toEqual({ connectionsAtMost: 60, connectionsAllowed: 97 });
  expect(told(...pooled, server("args: []"))).toEqual({ connectionsAtMost: 12, connectionsAllowed: 97 });
  expect(told(...pooled)).toEqual({});
});

test("how many pods of a Deployment an update may take away at once", () => {
  const updated = (strategy: string) => {
    const [first] = readResources([texts[0]?.replace("spec:\n  selector", `spec:\n  ${strategy}\n  selector`) ?? ""]);
    return numbersOf(resources, first ?? web).maxUnavailable;
  };
  expect(updated("strategy: { rollingUpdate: { maxUnavailable: 0 } }")).toBe(0);
  expect(updated("strategy: { rollingUpdate: { maxUnavailable: 25% } }")).toBeUndefined();
  expect(updated("strategy: { type: Recreate }")).toBeUndefined();
});

test.each<[string, string, string, string]>([
  ["a port without that name", "targetPort: http", "targetPort: web", "Service web leads to a port web, which its pods do not have"],
  ["a Service of nobody", "selector: { app: web }, ports", "selector: { app: wed }, ports", "Service web selects no pods"],
  ["settings that are not there", "configMapRef: { name: settings }", "configMapRef: { name: setting }", "a ConfigMap setting, which is not there"],
  ["a secret that is not there", "secretName: keys", "secretName: key", "mounts a Secret key, which is not there"],
  ["a key that is not there", "key: URL,", "key: URI,", "mounts URI of a Secret that has no such key"],
  ["a probe at no port", "path: /live, port: http", "path: /live, port: live", "is probed at a port live, which it has not"],
  ["a volume that is not there", "volumeMounts: [{ name: secrets,", "volumeMounts: [{ name: secret,", "mounts a volume secret, which it has not"],
])("%s is told", (_, find, replace, sentence) => {
  const spoilt = readResources(texts.map((text) => text.replace(find, replace)));
  expect(danglingIn(spoilt).join("; ")).toContain(sentence);
});

test("what holds together has no reference that leads nowhere", () => expect(danglingIn(resources)).toEqual([]));
