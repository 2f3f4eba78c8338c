/**
 * Stresses the end of an instance: one instance after another, of both roles, is told to stop (SIGINT or SIGTERM) in the middle of its work and
 * comes back under the same name, as in a deployment; many a signal comes amid a claim. A broken system goes on claiming, drops what it cannot finish for the sweeper to find,
 * ends with an error or not at all, or lets the clients feel it.
 */
import { availability, noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { claimsNothingMore, endsInTime, givesBack } from "../../harness/checkers/drain.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { liveRunKept } from "../../harness/checkers/requeue.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "stop-instances-politely",
  title: "Stop instances with SIGINT and SIGTERM under load",
  profile: "default",
  proxied: [],
  // Some runs take longer than an instance may go on after the signal, so they have to be given back.
  load: { scenario: "create-and-wait", perSecond: 60, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 6, stepMs: 1000 }]) } },
  schedule(random, topology) {
    const queues = random.shuffle(Array.from({ length: topology.queue ?? 1 }, (_, i) => `queue-${i + 1}`));
    const victims = [queues[0] ?? "queue-1", `api-${random.integer(1, topology.api ?? 1)}`, queues[1 % queues.length] ?? "queue-1"];
    const signals = random.shuffle(["SIGINT", "SIGTERM"]);
    return [
      // Half of the time a claim is under way.
      {
        fault: "slow-writes",
        on: "postgres",
        atMs: 0,
        forMs: 13_500,
        options: { table: "runs", write: "update", when: "new.status = 'running'", delayMs: 15 },
      },
      ...victims.map((on, i) => ({
        fault: "terminate",
        on,
        atMs: 500 + i * 6000 + random.integer(0, 500),
        forMs: random.integer(1000, 1500),
        options: { signal: signals[i % 2] ?? "SIGINT" },
      })),
    ];
  },
  // nginx may keep an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 34_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-9": [
      claimsNothingMore,
      givesBack,
      endsInTime,
      availability({ f: ["create", "wait"], atLeast: 0.99, fault: "terminate" }),
      noAcknowledgedWriteLost,
    ],
    "LG-5": exactlyOnce({ boundMs: 11_000 }),
    "LG-8": [liveRunKept],
  },
} satisfies Experiment;
