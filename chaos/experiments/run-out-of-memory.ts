/**
 * Stresses recovery from the kernel's own kill: the memory limit of a queue instance's container comes down to a little above what it uses, and the kernel ends it in
 * the middle of its runs (OOM kill), without a signal that it could answer. A broken system leaves its runs stuck or completes one twice.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "run-out-of-memory",
  title: "Let a queue instance run out of its container's memory",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 3, stepMs: 1000 }]) } },
  schedule(random, topology) {
    const victim = `queue-${random.integer(1, topology.queue ?? 1)}`;
    return [{ fault: "run-out-of-memory", on: victim, atMs: random.integer(0, 500), forMs: random.integer(2500, 3500) }];
  },
  settleMs: 30_000,
  drainMs: 32_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "LG-5": exactlyOnce({ boundMs: 9_000 }) },
} satisfies Experiment;
