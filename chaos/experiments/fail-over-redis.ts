/**
 * Stresses the loss of Redis where another server takes over: the one that leads is killed, told to hand over while it lives, and stopped until another leads; after each of these a
 * queue instance is killed, whose runs come back only if the others read its heartbeats where they write their own. A broken system stays with a server that leads no more,
 * and takes runs from handlers that live, or leaves those of the dead.
 */
import { availability } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { lostRuns } from "../../harness/checkers/lost-runs.ts";
import { liveRunKept, requeuedInTime } from "../../harness/checkers/requeue.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const strikes = ["kill-redis-leader", "hand-over-redis", "pause-redis-leader"] as const;
const everyMs = 34_000;
/** A sweeper judges nobody for the time-out of 5 s after it has met another server. */
const trustedMs = 20_000;

export default {
  id: "fail-over-redis",
  title: "Replace the Redis that leads, and kill queue instances after it",
  profile: "weekly",
  layout: "sentinel",
  topology: { api: 2, queue: 3 },
  proxied: [],
  load: {
    scenario: "create-and-wait",
    perSecond: 30,
    settings: {
      LONGER: JSON.stringify([
        { share: 0.03, steps: 3, stepMs: 1000 },
        { share: 0.02, steps: 12, stepMs: 1000 },
      ]),
    },
  },
  schedule(random, topology) {
    const victims = random.shuffle(Array.from({ length: topology.queue ?? 0 }, (_, i) => `queue-${i + 1}`));
    return strikes.flatMap((fault, i) => [
      // It is back a moment after the hand-over: a sweeper that knows only the new server.
      { fault: "kill", on: victims[i % victims.length] ?? "queue-1", atMs: i * everyMs, forMs: random.integer(2500, 3500) },
      { fault, on: "redis", atMs: i * everyMs + random.integer(1500, 2500), forMs: random.integer(4000, 6000) },
      { fault: "kill", on: victims[(i + 1) % victims.length] ?? "queue-1", atMs: i * everyMs + trustedMs, forMs: random.integer(2500, 3500) },
    ]);
  },
  settleMs: 40_000,
  drainMs: 60_000,
  coverage: { operations: 2000, operationsPerFault: 100, steady: true },
  claims: {
    "LG-5": exactlyOnce({ boundMs: 18_000 }),
    "LG-8": [requeuedInTime, liveRunKept],
    "FR-7": [lostRuns({ boundMs: 18_000 }), ...strikes.map((fault) => availability({ f: ["create", "wait"], atLeast: 0.99, fault }))],
  },
} satisfies Experiment;
