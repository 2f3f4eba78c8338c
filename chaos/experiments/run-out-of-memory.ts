/**
 * Stresses limits: the memory limit of a container comes down to a little above what its instance uses, and the kernel ends it without a signal that it could answer
 * (OOM kill), first an API instance, then a queue instance in the middle of its runs. A broken system lets clients of the others feel it, leaves the runs stuck or
 * completes one twice.
 */
import { availability } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "run-out-of-memory",
  title: "Let an API and a queue instance run out of their containers' memory",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 60, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 3, stepMs: 1000 }]) } },
  schedule(random, topology) {
    const [api, queue] = [`api-${random.integer(1, topology.api ?? 1)}`, `queue-${random.integer(1, topology.queue ?? 1)}`];
    return [
      { fault: "run-out-of-memory", on: api, atMs: random.integer(0, 500), forMs: random.integer(2500, 3500) },
      { fault: "run-out-of-memory", on: queue, atMs: random.integer(8000, 9000), forMs: random.integer(2500, 3500) },
    ];
  },
  settleMs: 45_000,
  drainMs: 32_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "AB-25": [availability({ f: ["create"], atLeast: 0.99, fault: "run-out-of-memory" })],
    "LG-5": exactlyOnce({ boundMs: 9_000 }),
  },
} satisfies Experiment;
