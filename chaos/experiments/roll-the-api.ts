/**
 * Stresses a rolling update: one API instance after another is marked down at the balancer, left by its clients, stopped and started again, while turns
 * that nobody sends twice are under way on all of them, and answers are told event by event. A broken system cuts off what is under way, or sends clients to an instance that is gone.
 */
import { answersComeWhole } from "../../harness/checkers/event-by-event.ts";
import { noneFailed } from "../../harness/checkers/undisturbed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** The drain of the first instance begins amid these answers, and waits for longer. */
const workMs = 2500;

export default {
  id: "roll-the-api",
  title: "Rolling update of the API instances under load",
  profile: "nightly",
  topology: { api: 2, queue: 1 },
  proxied: [],
  load: { scenario: "read-and-think", perSecond: 60, settings: { ASK_EVERY: 20 } },
  schedule: (random) => [
    {
      ...{ fault: "await-tokens", on: "balancer", atMs: 0, forMs: 200 },
      options: {
        path: "/api/v1/query",
        body: JSON.stringify({ query: "what is new?", agent_type: "thinker", model: { ms: workMs } }),
        last: "end",
        workMs,
        clients: 8,
      },
    },
    {
      fault: "rolling-restart",
      on: "api",
      // The answers are under way by then.
      atMs: random.integer(700, 1000),
      forMs: 500,
      options: { markDown: 1, signal: random.pick(["SIGTERM", "SIGINT"]) },
    },
  ],
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "AB-10": [noneFailed({ f: ["turn", "peekSession", "ask"], fault: "rolling-restart" }), answersComeWhole] },
} satisfies Experiment;
