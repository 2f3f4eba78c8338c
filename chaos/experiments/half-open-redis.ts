/**
 * Stresses wake-ups that nobody hears: the connections of all queue instances to Redis are half open, then cut off, while little runs come one by one and
 * the instances are often idle. A broken system waits for a message that cannot come, and lets runs lie beside free slots.
 */
import { lostRuns } from "../../harness/checkers/lost-runs.ts";
import { pickedUpInTime } from "../../harness/checkers/pick-up.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "half-open-redis",
  title: "Half-open connections to Redis of instances that are often idle",
  profile: "nightly",
  topology: { api: 2, queue: 2 },
  proxied: ["queue->redis"],
  // So few that an instance is without any work a few times a second: a busy one asks for more whenever a run ends.
  load: { scenario: "create-and-wait", perSecond: 15 },
  schedule(random, topology) {
    const edges = Array.from({ length: topology.queue ?? 0 }, (_, i) => `queue-${i + 1}->redis`);
    const [halfOpenAt, cutAt] = [random.integer(0, 500), 14_000 + random.integer(0, 500)];
    const forMs = random.integer(8000, 9000);
    return [
      ...edges.map((on) => ({ fault: "half-open", on, atMs: halfOpenAt, forMs })),
      ...edges.map((on) => ({ fault: "partition", on, atMs: cutAt, forMs })),
    ];
  },
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 1000, operationsPerFault: 100, steady: true },
  claims: { "FR-2": [pickedUpInTime, lostRuns({ boundMs: 9000 })] },
} satisfies Experiment;
