/**
 * Stresses the end of an API instance that nobody has announced: it is told to stop while turns that nobody sends twice are under way on it and more come over connections that
 * the balancer keeps. A broken system goes on taking them until its time is over, and cuts them off.
 */
import { endsInTime } from "../../harness/checkers/drain.ts";
import { noneFailed, underWayIsAnswered } from "../../harness/checkers/undisturbed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const ofTerminate = { f: ["turn", "peekSession"], fault: "terminate" };

export default {
  id: "stop-the-api-politely",
  title: "Stop API instances with SIGINT and SIGTERM amid turns, while the balancer keeps its connections to them",
  profile: "weekly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "read-and-think", perSecond: 60 },
  schedule(random) {
    const signals = random.shuffle(["SIGINT", "SIGTERM"]);
    return random
      .shuffle(["api-1", "api-2", "api-3"])
      .slice(0, 2)
      .map((on, i) => ({
        fault: "terminate",
        on,
        atMs: i * 8000 + random.integer(0, 500),
        forMs: random.integer(1000, 1500),
        options: { signal: signals[i] ?? "SIGINT" },
      }));
  },
  // nginx may keep an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 100, steady: true },
  claims: { "LG-9": [endsInTime, underWayIsAnswered(ofTerminate), noneFailed({ ...ofTerminate, afterMs: 250 })] },
} satisfies Experiment;
