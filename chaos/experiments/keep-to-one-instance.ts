/**
 * Stresses affinity by address: sixty client addresses ask again and again through a balancer that hashes them, and one of their instances dies. A broken balancer
 * sends a client here and there, or moves everybody when one instance is lost.
 */
import { addressesKeep } from "../../harness/checkers/address-affinity.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "keep-to-one-instance",
  title: "Clients of sixty addresses under ip_hash, one of whose instances dies",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60 },
  schedule: (random) => [
    {
      fault: "ask-from-addresses",
      on: `api-${random.integer(1, 3)}`,
      atMs: random.integer(0, 1000),
      forMs: random.integer(2500, 3500),
      options: { balancing: "ip_hash", path: "/api/v1/monitoring/live", header: "x-instance-id" },
    },
  ],
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 1500, operationsPerFault: 150, steady: true },
  claims: { "HS-4": [addressesKeep] },
} satisfies Experiment;
