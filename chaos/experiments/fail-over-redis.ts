/**
 * Stresses the loss of Redis where another server takes over: the one that leads is killed, stopped until another leads, and replaced while it lives and does not learn of it; during each of these
 * a queue instance starts, which knows only the new server, and after each one is killed, whose runs come back only if the others read its heartbeats where they write their own.
 * A broken system stays with a server that leads no more, and takes runs from handlers that live, or leaves those of the dead.
 */
import { availability } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { lostRuns } from "../../harness/checkers/lost-runs.ts";
import { liveRunKept, requeuedInTime } from "../../harness/checkers/requeue.ts";
import type { Experiment, ScheduledFault } from "../../harness/core/experiment.ts";

/** In this order; how long each is left (ms): the hand-over for as long as an instance may take to start and a sweeper to judge by a server that others do not write to. */
const strikes = [
  { fault: "kill-redis-leader", forMs: { least: 4000, most: 6000 }, thenMs: 20_000 },
  { fault: "pause-redis-leader", forMs: { least: 4000, most: 6000 }, thenMs: 20_000 },
  { fault: "hand-over-redis", forMs: { least: 20_000, most: 22_000 }, thenMs: 42_000 },
] as const;
/** From one strike's second kill to the next strike (ms). */
const calmMs = 14_000;

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
    const kill = (n: number, atMs: number): ScheduledFault => ({
      fault: "kill",
      on: victims[n % victims.length] ?? "queue-1",
      atMs,
      forMs: random.integer(2500, 3500),
    });
    return strikes.flatMap(({ fault, forMs, thenMs }, i) => {
      const atMs = strikes.slice(0, i).reduce((sum, before) => sum + before.thenMs + calmMs, 0);
      // It is back after the strike: a sweeper that knows only the new server.
      return [
        kill(2 * i, atMs),
        { fault, on: "redis", atMs: atMs + random.integer(1500, 2500), forMs: random.integer(forMs.least, forMs.most) },
        // By then a sweeper that met another server trusts what it reads there, and the faults are over.
        kill(2 * i + 1, atMs + thenMs),
      ];
    });
  },
  settleMs: 40_000,
  drainMs: 60_000,
  coverage: { operations: 2000, operationsPerFault: 100, steady: true },
  claims: {
    "LG-5": exactlyOnce({ boundMs: 18_000 }),
    "LG-8": [requeuedInTime, liveRunKept],
    "FR-7": [lostRuns({ boundMs: 18_000 }), ...strikes.map(({ fault }) => availability({ f: ["create", "wait"], atLeast: 0.99, fault }))],
  },
} satisfies Experiment;
