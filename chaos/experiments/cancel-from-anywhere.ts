/**
 * Stresses cancelling from an instance that does not hold the run, while one handler cannot hear about it: it is cut off from Redis at the seed's
 * moment for less than its heartbeat time-out, so the message is lost; later an instance that takes cancels is cut off and can tell nobody. A broken system acknowledges a cancel and completes the run, goes on
 * with its effects, never stops where the message did not arrive, or lets whoever follows the run wait for an end that it never tells of.
 */
import { cancelEndsWork, cancelKept, cancelStopsEffects } from "../../harness/checkers/cancellation.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { nothingAfterTheEnd } from "../../harness/checkers/streams.ts";
import { streamsWhole } from "../../harness/checkers/streams-whole.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "cancel-from-anywhere",
  title: "Cancel runs through other instances, one handler cut off from Redis",
  profile: "nightly",
  proxied: ["queue->redis", "api->redis"],
  load: { scenario: "cancel-runs", perSecond: 50 },
  // Few, as those of a system that never tells their end stay open; of each of the five kinds of runs in its turn.
  streams: { ofCreated: "create", everyNth: 16 },
  schedule: (random, topology) => [
    {
      fault: "partition",
      on: `queue-${random.integer(1, topology.queue ?? 1)}->redis`,
      atMs: random.integer(0, 500),
      forMs: random.integer(2500, 3000),
    },
    {
      fault: "partition",
      on: `api-${random.integer(1, topology.api ?? 1)}->redis`,
      atMs: random.integer(3800, 4200),
      forMs: random.integer(2500, 3000),
    },
  ],
  settleMs: 30_000,
  drainMs: 20_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-2": [cancelKept, cancelStopsEffects, cancelEndsWork],
    "LG-3": [streamsWhole({ withinMs: 8000 }), nothingAfterTheEnd],
    "LG-5": exactlyOnce({ boundMs: 8000 }),
  },
} satisfies Experiment;
