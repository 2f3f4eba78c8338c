/**
 * Stresses runs whose place another one takes: lines of runs are interrupted in several threads, at work and still waiting, and clients follow them, while an API instance is killed in
 * the middle of its answers, and an instance that works on some. A broken system carries out what had been withdrawn, works on two runs of a thread at once, lets whoever follows an
 * interrupted run wait for ever, or takes for busy what has come to rest.
 */
import { cancelEndsWork, cancelStopsEffects } from "../../harness/checkers/cancellation.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { oneAfterAnother } from "../../harness/checkers/one-after-another.ts";
import { busyRefuses, interruptedAreOver } from "../../harness/checkers/place-taken.ts";
import { nothingAfterTheEnd, streamsOrdered, streamsUnique } from "../../harness/checkers/streams.ts";
import { streamsWhole } from "../../harness/checkers/streams-whole.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "interrupt-runs-in-line",
  title: "Interrupt lines of runs in many threads, with an API instance and a handler killed",
  profile: "weekly",
  proxied: [],
  load: { scenario: "interrupt-threads", perSecond: 50 },
  // Few, as those of a system that never tells their end stay open; and of the seven that are acknowledged of eight each in its turn.
  streams: { ofCreated: "create", everyNth: 17 },
  schedule: (random, topology) => [
    { fault: "kill", on: `api-${random.integer(1, topology.api ?? 1)}`, atMs: random.integer(0, 500), forMs: random.integer(2500, 3500) },
    { fault: "kill", on: `queue-${random.integer(1, topology.queue ?? 1)}`, atMs: random.integer(6000, 6500), forMs: random.integer(2500, 3500) },
  ],
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 150, steady: true },
  claims: {
    "LG-5": [interruptedAreOver, busyRefuses, oneAfterAnother, ...exactlyOnce({ boundMs: 10_000 })],
    "LG-3": [streamsWhole({ withinMs: 8000 }), streamsOrdered, streamsUnique, nothingAfterTheEnd],
    "LG-2": [cancelStopsEffects, cancelEndsWork],
  },
} satisfies Experiment;
