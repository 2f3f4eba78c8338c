/**
 * Stresses the Kubernetes manifests: pods are run beside the deployment with the settings that they give and no others, asked by their probes, led to by their Service, kept from
 * their database and taken away with their grace. Broken manifests restart pods that are alive, lead to ports where nobody listens, set what nobody reads, or kill what was under way.
 */
import {
  connectionsSuffice,
  databaseRestartsNobody,
  graceIsEnough,
  listensInTime,
  podsComeUp,
  saysNumbers,
  serviceLeadsToPods,
  settingsAreRead,
} from "../../harness/checkers/manifests-followed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const folder = "deploy/kubernetes";
/** Beyond preStop, and within preStop and the drain time. */
const workMs = 15_000;

export default {
  id: "follow-the-manifests",
  title: "Pods as the Kubernetes manifests say, probed, kept from Postgres and taken away",
  profile: "weekly",
  topology: { api: 1, queue: 1 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 20 },
  schedule: (random) => [
    {
      fault: "follow-the-manifests",
      on: "manifests",
      atMs: random.integer(0, 1000),
      forMs: 200,
      options: {
        manifests: ["api", "config", "dependencies", "queue"].map((name) => `${folder}/${name}.yaml`).join(","),
        // Every 2 and 1 s in place of every 10 and 5 s.
        ...{ faster: 5, live: "/api/v1/monitoring/live", portSetting: "PORT", poolSettings: "POOL_SIZE POOL_OVERFLOW" },
        ...{ path: "/api/v1/query", body: JSON.stringify({ query: "why?", agent_type: "thinker", model: { ms: workMs } }), workMs, clients: 4 },
      },
    },
  ],
  settleMs: 10_000,
  drainMs: 20_000,
  coverage: { operations: 500, operationsPerFault: 0, steady: false },
  claims: {
    "HS-12": [
      podsComeUp,
      settingsAreRead,
      serviceLeadsToPods,
      databaseRestartsNobody,
      graceIsEnough,
      saysNumbers({ minReplicas: 3, maxReplicas: 10, cpuPercent: 70, memoryPercent: 80, minAvailable: 2 }),
    ],
    "AB-27": [
      saysNumbers({
        ...{ livenessDelayS: 30, livenessPeriodS: 10, readinessDelayS: 10, readinessPeriodS: 5 },
        ...{ requestedCores: 1, requestedMiB: 1024, limitCores: 2, limitMiB: 2048 },
        ...{ servicePort: 80, containerPort: 8000 },
      }),
      serviceLeadsToPods,
      listensInTime({ withinMs: 30_000 }),
    ],
    "HA-5": [connectionsSuffice],
    // Never all at once: one is there before another goes.
    "AB-26": [saysNumbers({ maxUnavailable: 0 })],
    "HS-20": [saysNumbers({ "postgres keepsData": 1 })],
    // What the guide tells Redis, and where the other experiments stress it.
    "AB-18": [saysNumbers({ "redis appendonly": 1, "redis maxmemoryMiB": 2048, "redis allkeysLru": 1 })],
    "AB-22": [saysNumbers({ "redis appendonly": 1, "redis keepsData": 1 })],
    "AB-29": [saysNumbers({ "redis timeoutS": 300, "redis keepaliveS": 300, "redis backlog": 511 })],
  },
} satisfies Experiment;
