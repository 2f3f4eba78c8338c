/**
 * Stresses the replacement of workers: API instances whose workers have answered a thousand requests replace them again and again, while turns that nobody sends twice
 * are under way, and answers that take longer than a worker lives. A broken system cuts off what a worker that goes was answering, or what was on its way to it, or
 * replaces a worker once and keeps the next one, or forgets what it had counted.
 */
import { countersKept } from "../../harness/checkers/counters-kept.ts";
import { lateAnswersArrive } from "../../harness/checkers/late-answers.ts";
import { recycledInTime } from "../../harness/checkers/recycled.ts";
import { noneFailed } from "../../harness/checkers/undisturbed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const [requests, jitter] = [1000, 100];
/** Of this load, a worker's share is over after about 18 s. */
const workMs = 25_000;

export default {
  id: "recycle-workers",
  title: "Workers that are replaced after a thousand requests, under load",
  profile: "nightly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "read-and-think", perSecond: 120, settings: { TURN_SHARE: 0.15 } },
  schedule: (random) => [
    {
      ...{ fault: "recycle-workers", on: "api", atMs: random.integer(0, 500), forMs: 500 },
      options: {
        setting: "MAX_REQUESTS",
        value: requests,
        also: `MAX_REQUESTS_JITTER=${jitter}`,
        counter: "CONFIG_GENERATION",
        generation: 2,
        times: 2,
      },
    },
    // When the workers that will be replaced are there; each client has an agent to himself, because turns of one wait for each other.
    ...["slow-1", "slow-2", "slow-3", "slow-4"].map((agent) => ({
      ...{ fault: "await-answers", on: "balancer", atMs: random.integer(8000, 9000), forMs: 200 },
      options: { path: `/api/v1/agents/${agent}/turns`, body: JSON.stringify({ message: "why?", think_ms: workMs }), workMs, clients: 1 },
    })),
  ],
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 3000, operationsPerFault: 200, steady: true },
  claims: {
    "AB-12": [
      noneFailed({ f: ["turn", "peekSession"], fault: "recycle-workers" }),
      recycledInTime({ requests, jitter }),
      lateAnswersArrive({ atLeastMs: workMs }),
    ],
    "AB-17": [countersKept({ counter: "liveAnswered" })],
  },
} satisfies Experiment;
