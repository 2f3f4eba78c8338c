/**
 * Stresses a release in two colours: new API instances start beside the old ones, the balancer is told to give them everything, and the old ones are stopped once the
 * streams that they carry have come to their ends. A broken deployment cuts streams off, fails requests, or goes on asking the old ones.
 */
import { streamsGapFree, streamsUnique } from "../../harness/checkers/streams.ts";
import { nothingToTheOld, streamsOutlastTheSwitch } from "../../harness/checkers/switched-over.ts";
import { noneFailed } from "../../harness/checkers/undisturbed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "switch-to-new-instances",
  title: "From two old API instances to two new ones by a reload of the balancer",
  profile: "nightly",
  topology: { api: 2, queue: 3 },
  proxied: [],
  load: {
    scenario: "create-and-wait",
    perSecond: 50,
    settings: { LONGER: JSON.stringify([{ share: 0.03, steps: 5, stepMs: 1000 }]), FRESH_CONNECTIONS: 1 },
  },
  streams: { ofCreated: "create", everyNth: 2 },
  // A run takes five seconds, and waits for a place before.
  schedule: (random) => [{ fault: "blue-green", on: "api", atMs: random.integer(1000, 3000), forMs: 500, options: { leaveMs: 9000 } }],
  settleMs: 30_000,
  drainMs: 20_000,
  coverage: { operations: 1500, operationsPerFault: 150, steady: true },
  claims: {
    "AB-11": [noneFailed({ f: ["create", "wait"], fault: "blue-green" }), streamsOutlastTheSwitch, streamsUnique, streamsGapFree, nothingToTheOld],
  },
} satisfies Experiment;
