/**
 * Stresses what lies between an instance and the clients of its streams: runs take seconds, a step each second, and their clients follow through the balancer, which
 * reads its configuration anew meanwhile. A broken balancer keeps events until there are many, or until the run has ended.
 */
import { notHeldBack } from "../../harness/checkers/held-back.ts";
import { streamsGapFree, streamsOrdered, streamsUnique } from "../../harness/checkers/streams.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "stream-through-the-balancer",
  title: "Streams of slow runs through the balancer",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.06, steps: 5, stepMs: 1000 }]) } },
  streams: { ofCreated: "create", everyNth: 2 },
  schedule: (random) => [{ fault: "reload-balancer", on: "balancer", atMs: random.integer(3000, 5000), forMs: random.integer(4000, 6000) }],
  settleMs: 30_000,
  drainMs: 20_000,
  coverage: { operations: 1500, operationsPerFault: 150, steady: true },
  claims: {
    // Instances look at the store twice a second, whatever messages were lost; held back to its run's end, the first event is four seconds late.
    "AB-3": [notHeldBack({ boundMs: 2000 }), streamsOrdered, streamsUnique, streamsGapFree],
  },
} satisfies Experiment;
