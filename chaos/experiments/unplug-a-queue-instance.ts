/**
 * Stresses the fencing of attempts: a queue instance is pulled out of the network where Postgres and Redis are, as if its cable were drawn, for longer than its
 * heartbeat time-out while it executes runs, and is plugged in again. Nothing refuses it: all is silent. A broken system lets it go on with runs that others have
 * taken over meanwhile, or lets its late writes count.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { takesRunsAgain } from "../../harness/checkers/takes-runs-again.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "unplug-a-queue-instance",
  title: "Pull a queue instance out of its network and plug it in again",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 6, stepMs: 1000 }]) } },
  schedule(random, topology) {
    const victim = `queue-${random.integer(1, topology.queue ?? 1)}`;
    return [{ fault: "unplug", on: victim, atMs: random.integer(0, 500), forMs: random.integer(7500, 8500), options: { network: "data" } }];
  },
  settleMs: 30_000,
  drainMs: 41_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "LG-5": exactlyOnce({ boundMs: 12_000 }), "FR-7": [takesRunsAgain({ fault: "unplug", withinMs: 8000 })] },
} satisfies Experiment;
