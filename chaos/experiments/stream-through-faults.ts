/**
 * Stresses streams of events: clients follow runs from the beginning, join late, break off and resume, while an API instance that carries streams,
 * a handler that makes the events, and Redis that announces them are killed one after another. A broken system repeats or drops events at a
 * reconnect, numbers them anew in a new attempt, or falls silent.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { streamsGapFree, streamsOrdered, streamsResumable, streamsUnique } from "../../harness/checkers/streams.ts";
import { streamsCut } from "../../harness/checkers/streams-cut.ts";
import { streamsKept } from "../../harness/checkers/streams-kept.ts";
import { toldOfOnce } from "../../harness/checkers/streams-tell-once.ts";
import { streamsWhole } from "../../harness/checkers/streams-whole.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const longer = [
  { share: 0.08, steps: 12, stepMs: 200, tokens: 4 },
  // More than a connection takes at once: whoever joins late is sent all of it in one go.
  { share: 0.006, steps: 30, stepMs: 50, tokens: 1000 },
];

export default {
  id: "stream-through-faults",
  title: "Streams while an API instance, a handler and Redis are killed",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify(longer) } },
  // Streams of some ten longer runs are open at any time, so that whichever instance is killed carries a few.
  streams: { ofCreated: "create", everyNth: 2 },
  schedule: (random, topology) => [
    { fault: "kill", on: `api-${random.integer(1, topology.api ?? 1)}`, atMs: random.integer(0, 500), forMs: random.integer(2500, 3500) },
    { fault: "kill", on: `queue-${random.integer(1, topology.queue ?? 1)}`, atMs: random.integer(6000, 6500), forMs: random.integer(2500, 3500) },
    { fault: "restart-redis", on: "redis", atMs: random.integer(12_000, 12_500), forMs: random.integer(1500, 2500) },
  ],
  settleMs: 45_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-3": [...streamsKept({ wholeMs: 8000, silentMs: 12_000, firstMs: 3000 }), toldOfOnce],
    "FR-4": [streamsOrdered, streamsUnique, streamsResumable, streamsWhole({ withinMs: 8000 })],
    "FR-5": [streamsUnique, streamsGapFree, streamsResumable, streamsWhole({ withinMs: 8000 }), streamsCut({ atLeast: 1 })],
    "LG-5": exactlyOnce({ boundMs: 9000 }),
  },
} satisfies Experiment;
