/**
 * Stresses what a run does outside: the service that takes the effects of runs is away for one queue instance after another, for a second each. A broken system does not wait for what it has asked for, and says of a run that it has
 * succeeded of whose effects nobody has heard; or does some of them twice.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { goesOn } from "../../harness/checkers/goes-on.ts";
import { noneEndsByItself } from "../../harness/checkers/none-ends.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "refuse-the-effects",
  title: "Take the service of external effects away from queue instances in turn",
  profile: "weekly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.1, steps: 6, stepMs: 200 }]) } },
  schedule: (random, topology) =>
    random
      .shuffle(Array.from({ length: topology.queue ?? 0 }, (_, i) => `queue-${i + 1}`))
      // Shorter than a run's retries take: whoever fails at once is free at once, and gets the next one.
      .map((on, i) => ({ fault: "refuse-effects", on, atMs: i * 5000 + random.integer(0, 500), forMs: random.integer(700, 1000) })),
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 1500, operationsPerFault: 50, steady: true },
  claims: { "LG-5": [...exactlyOnce({ boundMs: 9000 }), noneEndsByItself, goesOn({ withinMs: 5000 })] },
} satisfies Experiment;
