/**
 * Stresses what depends on Redis: it is killed and comes back empty, then loses every key while it goes on answering, then answers nothing for
 * a while. A broken system takes runs from handlers that live, leaves runs to nobody, stops consuming without saying so, or lets its clients
 * wait for a server that is only a courier.
 */
import { availability } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { lostRuns } from "../../harness/checkers/lost-runs.ts";
import { noneEndsByItself } from "../../harness/checkers/none-ends.ts";
import { liveRunKept } from "../../harness/checkers/requeue.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "lose-redis",
  title: "Kill, flush and pause Redis under load",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 60, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 3, stepMs: 1000 }]) } },
  schedule: (random) => [
    { fault: "restart-redis", on: "redis", atMs: random.integer(0, 500), forMs: random.integer(2000, 2500) },
    { fault: "flush-redis", on: "redis", atMs: 7000 + random.integer(0, 500), forMs: random.integer(2000, 2500) },
    { fault: "pause-redis", on: "redis", atMs: 13_000 + random.integer(0, 500), forMs: random.integer(2000, 2500) },
  ],
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-5": exactlyOnce({ boundMs: 9000 }),
    "LG-8": [liveRunKept],
    // Who waits is answered whether or not anybody consumes: that nothing is left lying decides.
    "FR-7": [
      lostRuns({ boundMs: 9000 }),
      noneEndsByItself,
      ...["restart-redis", "flush-redis", "pause-redis"].map((fault) => availability({ f: ["create", "wait"], atLeast: 0.99, fault })),
    ],
  },
} satisfies Experiment;
