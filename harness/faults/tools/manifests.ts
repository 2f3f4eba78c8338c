/** What Kubernetes manifests say, as far as a kubelet, a Service and the references between resources go by it. */
import { parseAllDocuments } from "yaml";

interface Named {
  readonly name: string;
}
type Texts = Readonly<Record<string, string>>;

interface ProbeManifest {
  readonly httpGet?: { readonly path?: string; readonly port: string | number };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
}

interface KeyRef extends Named {
  readonly key: string;
}

export interface Container extends Named {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly envFrom?: readonly { readonly configMapRef?: Named; readonly secretRef?: Named }[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string }; readonly configMapKeyRef?: KeyRef; readonly secretKeyRef?: KeyRef };
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly resources?: { readonly requests?: Texts; readonly limits?: Texts };
  readonly livenessProbe?: ProbeManifest;
  readonly readinessProbe?: ProbeManifest;
  readonly startupProbe?: ProbeManifest;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
}

interface Volume extends Named {
  readonly secret?: { readonly secretName: string; readonly items?: readonly { readonly key: string; readonly path: string }[] };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

/** The fields that anything here looks at, of whatever kind. */
export interface Resource {
  readonly kind: string;
  readonly metadata: Named;
  readonly data?: Texts;
  readonly stringData?: Texts;
  readonly spec?: {
    /** Of a Service the labels themselves. */
    readonly selector?: Texts | { readonly matchLabels: Texts };
    readonly ports?: readonly { readonly port: number; readonly targetPort?: string | number }[];
    readonly replicas?: number;
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly metrics?: readonly { readonly resource?: { readonly name: string; readonly target: { readonly averageUtilization?: number } } }[];
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
    readonly minAvailable?: number;
    readonly strategy?: { readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string } };
    readonly template?: {
      readonly metadata: { readonly labels: Texts };
      readonly spec: {
        readonly containers: readonly Container[];
        readonly volumes?: readonly Volume[];
        readonly terminationGracePeriodSeconds?: number;
      };
    };
    readonly volumeClaimTemplates?: readonly { readonly metadata: Named }[];
  };
}

/** @throws when a text is not YAML */
export function readResources(texts: readonly string[]): readonly Resource[] {
  return texts.flatMap((text) =>
    parseAllDocuments(text).map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS() as Resource;
    }),
  );
}

/** A probe as the kubelet goes by it, with what holds where the manifest says nothing. */
export interface Probe {
  readonly path: string;
  /** Of the container. */
  readonly port: number;
  readonly delayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successes: number;
  readonly failures: number;
}

/** What a container is started with and how it is looked after. */
export interface PodSpec {
  readonly workload: string;
  readonly labels: Texts;
  /** INSTANCE_ID and its like, which are the pod's name, hold `nameOfPod`. */
  readonly environment: Texts;
  /** Mounted secrets, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Its port by name or number; undefined where no port has that name. */
  portOf(port: string | number): number | undefined;
  readonly liveness: Probe;
  readonly readiness: Probe;
  readonly preStopMs: number;
  /** From the deletion to SIGKILL, the pause of preStop included. */
  readonly graceMs: number;
}

/** Stands for the name of the pod where the manifest asks for it. */
export const nameOfPod = "\u0001name-of-pod";
const usualGraceS = 30;

/** A container's port by its name or number; undefined where no port has that name. */
export function portOf(container: Pick<Container, "ports">, port: string | number): number | undefined {
  return typeof port === "number" ? port : container.ports?.find(({ name }) => name === port)?.containerPort;
}

export function workloadsOf(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ spec }) => spec?.template !== undefined);
}

/** The only container of a workload. @throws where there is another number of them */
export function containerOf({ kind, metadata, spec }: Resource): Container {
  const [container, another] = spec?.template?.spec.containers ?? [];
  if (!container || another) throw new Error(`${kind} ${metadata.name} was expected to have one container, and has ${another ? "more" : "none"}.`);
  return container;
}

/** Whether a Service, a budget or a workload chooses what has these labels. */
export function selects({ spec }: Pick<Resource, "spec">, labels: Texts): boolean {
  const selector = spec?.selector;
  const wanted = selector && typeof selector.matchLabels === "object" ? selector.matchLabels : (selector as Texts | undefined);
  return wanted !== undefined && Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** What a pod of a Deployment is started with. @throws where a reference leads nowhere (see `danglingIn`), or a probe is one that is not followed here */
export function podOf(resources: readonly Resource[], deployment: Resource): PodSpec {
  const template = deployment.spec?.template;
  const container = containerOf(deployment);
  if (!template || container.startupProbe)
    throw new Error(`${deployment.metadata.name} has a startup probe, which is not followed here. Add it to the kubelet.`);
  const textsOf = (kind: string, name: string): Texts => {
    const found = resources.find((one) => one.kind === kind && one.metadata.name === name);
    if (!found) throw new Error(`A ${kind} ${name} was expected among the manifests, and there is none.`);
    return found.data ?? found.stringData ?? {};
  };
  const environment: Record<string, string> = {};
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef) Object.assign(environment, textsOf("ConfigMap", configMapRef.name));
    if (secretRef) Object.assign(environment, textsOf("Secret", secretRef.name));
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const { fieldRef, configMapKeyRef: ofMap, secretKeyRef: ofSecret } = valueFrom ?? {};
    if (value !== undefined) environment[name] = value;
    else if (fieldRef?.fieldPath === "metadata.name") environment[name] = nameOfPod;
    else if (ofMap) environment[name] = textsOf("ConfigMap", ofMap.name)[ofMap.key] ?? "";
    else if (ofSecret) environment[name] = textsOf("Secret", ofSecret.name)[ofSecret.key] ?? "";
    else throw new Error(`${deployment.metadata.name} gives ${name} a value that is not followed here. Add it to the kubelet.`);
  }
  const files = new Map<string, string>();
  for (const { name, secret } of template.spec.volumes ?? []) {
    const mount = container.volumeMounts?.find((one) => one.name === name)?.mountPath;
    if (!secret || mount === undefined) continue;
    const texts = textsOf("Secret", secret.secretName);
    const items = secret.items ?? Object.keys(texts).map((key) => ({ key, path: key }));
    for (const { key, path } of items) files.set(`${mount}/${path}`, texts[key] ?? "");
  }
  const probe = (what: string, manifest: ProbeManifest | undefined): Probe => {
    const port = manifest?.httpGet && portOf(container, manifest.httpGet.port);
    if (!manifest?.httpGet || port === undefined)
      throw new Error(`${deployment.metadata.name} was expected to have a ${what} probe by HTTP, and has none.`);
    return {
      ...{ path: manifest.httpGet.path ?? "/", port },
      ...{ delayMs: 1000 * (manifest.initialDelaySeconds ?? 0), periodMs: 1000 * (manifest.periodSeconds ?? 10) },
      ...{ timeoutMs: 1000 * (manifest.timeoutSeconds ?? 1), successes: manifest.successThreshold ?? 1, failures: manifest.failureThreshold ?? 3 },
    };
  };
  return {
    ...{ workload: deployment.metadata.name, labels: template.metadata.labels, environment, files },
    portOf: (port) => portOf(container, port),
    ...{ liveness: probe("liveness", container.livenessProbe), readiness: probe("readiness", container.readinessProbe) },
    preStopMs: 1000 * (container.lifecycle?.preStop?.sleep?.seconds ?? 0),
    graceMs: 1000 * (template.spec.terminationGracePeriodSeconds ?? usualGraceS),
  };
}

/** References that lead nowhere, a sentence each: nothing of what they name would come up or be reached. */
export function danglingIn(resources: readonly Resource[]): readonly string[] {
  const has = (kind: string, name: string): boolean => resources.some((one) => one.kind === kind && one.metadata.name === name);
  const workloads = workloadsOf(resources);
  const found: string[] = [];
  const expect = (there: boolean, sentence: string): void => {
    if (!there) found.push(sentence);
  };
  for (const resource of resources) {
    const { kind, metadata, spec } = resource;
    const who = `${kind} ${metadata.name}`;
    if (kind === "Service" || kind === "PodDisruptionBudget") {
      const chosen = workloads.filter((one) => selects(resource, one.spec?.template?.metadata.labels ?? {}));
      expect(chosen.length > 0, `${who} selects no pods`);
      for (const { targetPort } of spec?.ports ?? [])
        if (typeof targetPort === "string")
          expect(
            chosen.every((one) => portOf(containerOf(one), targetPort) !== undefined),
            `${who} leads to a port ${targetPort}, which its pods do not have`,
          );
    }
    const scaled = spec?.scaleTargetRef;
    if (scaled) expect(has(scaled.kind, scaled.name), `${who} scales ${scaled.kind} ${scaled.name}, which is not there`);
    if (!spec?.template) continue;
    const container = containerOf(resource);
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      if (configMapRef)
        expect(has("ConfigMap", configMapRef.name), `${who} takes its settings from a ConfigMap ${configMapRef.name}, which is not there`);
      if (secretRef) expect(has("Secret", secretRef.name), `${who} takes its settings from a Secret ${secretRef.name}, which is not there`);
    }
    const volumes = [...(spec.template.spec.volumes ?? []), ...(spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata)];
    for (const { name } of container.volumeMounts ?? [])
      expect(
        volumes.some((one) => one.name === name),
        `${who} mounts a volume ${name}, which it has not`,
      );
    for (const { secret, persistentVolumeClaim: claim } of spec.template.spec.volumes ?? []) {
      if (claim) expect(has("PersistentVolumeClaim", claim.claimName), `${who} claims a volume ${claim.claimName}, which is not there`);
      if (!secret) continue;
      const texts = resources.find((one) => one.kind === "Secret" && one.metadata.name === secret.secretName)?.stringData;
      expect(texts !== undefined, `${who} mounts a Secret ${secret.secretName}, which is not there`);
      for (const { key } of secret.items ?? []) expect(texts === undefined || key in texts, `${who} mounts ${key} of a Secret that has no such key`);
    }
    for (const probe of [container.livenessProbe, container.readinessProbe])
      if (probe?.httpGet)
        expect(portOf(container, probe.httpGet.port) !== undefined, `${who} is probed at a port ${probe.httpGet.port}, which it has not`);
  }
  return found;
}
