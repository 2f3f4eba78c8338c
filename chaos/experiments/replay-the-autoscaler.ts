/**
 * Measures what a request takes of an API instance, and replays Kubernetes' autoscaler, with the settings of the manifest, on a load of such requests that rises and falls. Broken
 * settings flap, or leave too few pods.
 */
import { autoscaled } from "../../harness/checkers/autoscaled.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "replay-the-autoscaler",
  title: "Replay the autoscaler of the manifest on what requests take",
  profile: "nightly",
  topology: { api: 1, queue: 1 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 20 },
  schedule: () => [{ fault: "read-the-autoscaler", on: "autoscaler", atMs: 15_000, forMs: 100, options: { manifest: "deploy/kubernetes/api.yaml" } }],
  settleMs: 10_000,
  drainMs: 10_000,
  coverage: { operations: 200, operationsPerFault: 0, steady: false },
  claims: { "AB-16": [autoscaled({ role: "api" })] },
} satisfies Experiment;
