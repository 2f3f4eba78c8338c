/**
 * Stresses scaling out: API instances are added until there are five, and the balancer reads its configuration anew, while turns that nobody sends twice
 * are under way. A broken deployment cuts off what is under way, or never gives the new instances anything.
 */
import { takeTheirShare } from "../../harness/checkers/scaled-out.ts";
import { noneFailed } from "../../harness/checkers/undisturbed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "scale-out-by-reload",
  title: "From two API instances to five by a reload of the balancer",
  profile: "nightly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "read-and-think", perSecond: 60 },
  schedule: (random) => [{ fault: "scale-out", on: "api", atMs: random.integer(0, 2000), forMs: random.integer(5000, 6000), options: { to: 5 } }],
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "AB-7": [
      noneFailed({ f: ["turn", "peekSession"], fault: "scale-out" }),
      // 12 requests a second for each of five: the first of an instance comes within a second, unless it is left out.
      takeTheirShare({ fault: "scale-out", withinMs: 3000, leastShare: 0.25 }),
    ],
  },
} satisfies Experiment;
