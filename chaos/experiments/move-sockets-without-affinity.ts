/**
 * Stresses sessions over WebSockets with affinity and without: first the balancer sends all clients of the load's address to one instance, which is killed in the
 * middle of that; then it sends them to whichever has least to do. A broken system loses a client's place in the conversation whenever it is moved.
 */
import { broadcast } from "../../harness/checkers/broadcast.ts";
import { streamsGapFree, streamsOrdered, streamsResumable, streamsUnique } from "../../harness/checkers/streams.ts";
import { ofSubscriptions, spreadOverInstances } from "../../harness/checkers/subscriptions.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Whom nginx's ip_hash picks of three for 127.0.0.x: ((89 x 113 + 127) x 113 + 0) x 113 + 0, each step modulo 6271, modulo 3, from 0. */
const picked = "api-3";

export default {
  id: "move-sockets-without-affinity",
  title: "WebSocket clients with affinity, whose instance dies, and without",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "take-turns", perSecond: 50, settings: { CONTENDED_SHARE: 0, OTHERS: 12 } },
  sockets: { published: "turn", perAgent: 3 },
  schedule: (random) => [
    {
      fault: "reload-balancer",
      on: "balancer",
      atMs: random.integer(0, 500),
      forMs: random.integer(9000, 10_000),
      options: { balancing: "ip_hash" },
    },
    { fault: "kill", on: picked, atMs: 5000 + random.integer(0, 500), forMs: random.integer(1500, 2500) },
  ],
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 100, steady: true },
  claims: {
    "HS-18": [
      broadcast({ graceMs: 3000, published: "turn" }),
      ...[streamsOrdered, streamsUnique, streamsGapFree, streamsResumable].map(ofSubscriptions),
      spreadOverInstances,
    ],
  },
} satisfies Experiment;
