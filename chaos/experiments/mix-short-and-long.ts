/**
 * Compares the balancer's ways of choosing: under the same questions, short and long, it goes by the fewest connections and then in turn, before instances that answer four at a
 * time. A broken one says least connections and does not count them.
 */
import { leastConnectionsSuit } from "../../harness/checkers/least-connections.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "mix-short-and-long",
  title: "Short and long questions by least connections and in turn",
  profile: "weekly",
  topology: { api: 3, queue: 2 },
  settings: { api: { QUERIES_AT_ONCE: "4" } },
  proxied: [],
  load: { scenario: "ask-questions", perSecond: 20 },
  schedule: (random) =>
    random.shuffle(["least_conn", "round_robin"]).map((balancing, i) => ({
      fault: "reload-balancer",
      on: "balancer",
      atMs: 1000 + i * 31_000 + random.integer(0, 500),
      // Twice all arrivals, and what the one before has left.
      forMs: 28_000,
      options: { balancing },
    })),
  settleMs: 5000,
  drainMs: 0,
  coverage: { operations: 900, operationsPerFault: 300, steady: false },
  claims: { "AB-1": [leastConnectionsSuit({ f: "ask", role: "api", shortMs: 150 })] },
} satisfies Experiment;
