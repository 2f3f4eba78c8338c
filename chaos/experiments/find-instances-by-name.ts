/**
 * Stresses discovery through DNS: beside the load another balancer finds the same instances by a name, which gets an address and loses one, without a word to the balancer;
 * then nobody answers for the name. A broken balancer looks the name up once, or keeps what it found for as long as the name service allows, and leads to those who were there
 * before.
 */
import { changesCostNobody, followsTheName } from "../../harness/checkers/found-by-name.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "find-instances-by-name",
  title: "Instances found by a name that gets an address and loses one",
  profile: "weekly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60 },
  schedule: (random) => [
    {
      fault: "find-by-name",
      on: "api",
      atMs: random.integer(0, 500),
      forMs: 200,
      options: { path: "/api/v1/monitoring/live", silentMs: random.integer(4000, 6000) },
    },
  ],
  settleMs: 20_000,
  drainMs: 0,
  coverage: { operations: 1000, operationsPerFault: 0, steady: true },
  // A name is looked up again after a second, which is then waited for; the name service would let it be kept for ten minutes.
  claims: { "HS-17": [followsTheName({ boundMs: 5000 }), changesCostNobody] },
} satisfies Experiment;
