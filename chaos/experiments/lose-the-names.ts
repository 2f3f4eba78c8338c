/**
 * Stresses what depends on names: the name service of a queue instance falls silent and its sessions in Postgres end, so that each new connection needs a name that
 * nobody resolves, for longer than the heartbeat time-out. A broken system gives up on the first failed look-up, goes on with runs it can no longer renew, or does
 * not come back when names do.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { takesRunsAgain } from "../../harness/checkers/takes-runs-again.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "lose-the-names",
  title: "Take the name service from a queue instance",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 6, stepMs: 1000 }]) } },
  schedule(random, topology) {
    const victim = `queue-${random.integer(1, topology.queue ?? 1)}`;
    return [{ fault: "lose-names", on: victim, atMs: random.integer(0, 500), forMs: random.integer(7500, 8500) }];
  },
  settleMs: 30_000,
  drainMs: 41_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "LG-5": exactlyOnce({ boundMs: 12_000 }), "LG-14": [takesRunsAgain({ fault: "lose-names", withinMs: 8000 })] },
} satisfies Experiment;
