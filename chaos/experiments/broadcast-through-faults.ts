/**
 * Stresses broadcasting: several clients of each agent are connected over WebSockets to whichever instance, and turns of the agents are taken through all of
 * them, while an instance is killed, another one is cut off from Redis, which announces changes, and Redis itself is started anew. A broken system tells only
 * the clients of the instance that took the turn, loses what was said while a client was between two connections, or says it twice.
 */
import { broadcast } from "../../harness/checkers/broadcast.ts";
import { streamsDurable, streamsGapFree, streamsOrdered, streamsResumable, streamsUnique } from "../../harness/checkers/streams.ts";
import { streamsCut } from "../../harness/checkers/streams-cut.ts";
import { ofSubscriptions, spreadOverInstances } from "../../harness/checkers/subscriptions.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "broadcast-through-faults",
  title: "WebSocket clients while an API instance is killed and Redis is cut off and restarted",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: ["*->redis"],
  load: { scenario: "take-turns", perSecond: 60, settings: { CONTENDED_SHARE: 0, OTHERS: 16 } },
  sockets: { published: "turn", perAgent: 4 },
  schedule(random) {
    const [killed, cutOff] = random.pick([
      [1, 2],
      [2, 3],
      [3, 1],
    ] as const);
    return [
      { fault: "kill", on: `api-${killed}`, atMs: random.integer(0, 500), forMs: random.integer(2500, 3500) },
      { fault: "partition", on: `api-${cutOff}->redis`, atMs: 8000 + random.integer(0, 500), forMs: random.integer(4500, 5500) },
      { fault: "restart-redis", on: "redis", atMs: 16_000 + random.integer(0, 500), forMs: random.integer(1500, 2500) },
    ];
  },
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "HS-8": [
      // Instances look at the store twice a second, whatever messages were lost.
      broadcast({ graceMs: 3000, published: "turn" }),
      ...[streamsOrdered, streamsUnique, streamsGapFree, streamsResumable, streamsDurable, streamsCut({ atLeast: 2 })].map(ofSubscriptions),
      spreadOverInstances,
    ],
  },
} satisfies Experiment;
