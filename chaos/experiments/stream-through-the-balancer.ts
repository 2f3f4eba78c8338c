/**
 * Stresses what lies between an instance and the clients of its streams: runs take seconds, a step each second, and their clients follow through the balancer, which
 * reads its configuration anew meanwhile; and some questions are asked whose answers are to come token by token. A broken balancer keeps events until there are many,
 * or until the run has ended.
 */
import { answersEventByEvent } from "../../harness/checkers/event-by-event.ts";
import { notHeldBack } from "../../harness/checkers/held-back.ts";
import { streamsGapFree, streamsOrdered, streamsUnique } from "../../harness/checkers/streams.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Instances look at the store twice a second, whatever messages were lost; held back to its run's end, the first event is four seconds late. */
const boundMs = 2000;
const workMs = 4000;
const query = "Which of these words are told one after another, and which of them come all at once in the end?";

export default {
  id: "stream-through-the-balancer",
  title: "Streams of slow runs through the balancer",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.06, steps: 5, stepMs: 1000 }]) } },
  streams: { ofCreated: "create", everyNth: 2 },
  schedule: (random) => [
    { fault: "reload-balancer", on: "balancer", atMs: random.integer(3000, 5000), forMs: random.integer(4000, 6000) },
    {
      ...{ fault: "await-tokens", on: "balancer", atMs: random.integer(0, 1000), forMs: 200 },
      // Fewer than the queue instances have places beside the load's runs.
      options: {
        path: "/api/v1/query",
        body: JSON.stringify({ query, agent_type: "thinker", model: { ms: workMs } }),
        last: "end",
        workMs,
        clients: 5,
      },
    },
  ],
  settleMs: 30_000,
  drainMs: 20_000,
  coverage: { operations: 1500, operationsPerFault: 150, steady: true },
  claims: {
    "AB-3": [notHeldBack({ boundMs }), answersEventByEvent({ boundMs }), streamsOrdered, streamsUnique, streamsGapFree],
  },
} satisfies Experiment;
