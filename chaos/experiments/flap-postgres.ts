/**
 * Stresses a way to Postgres that comes and goes: everybody's connections are closed and refused for a moment, again and again. A broken system gives up at
 * the second failure, storms a database that has just come back, or takes each flap for an outage of its own.
 */
import { availability, noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { noneEndsByItself } from "../../harness/checkers/none-ends.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "flap-postgres",
  title: "The way to Postgres flaps",
  profile: "weekly",
  safety: "weekly",
  proxied: ["*->postgres"],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) =>
    [0, 9000].map((from) => ({
      ...{ fault: "flapping", on: "*->postgres", atMs: from + random.integer(0, 500), forMs: random.integer(2500, 3000) },
      options: { downMs: random.integer(150, 300), upMs: random.integer(300, 500) },
    })),
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 150, steady: true },
  claims: {
    "LG-10": [
      availability({ f: ["create"], atLeast: 0.99, fault: "flapping", p95AddedMs: 6000 }),
      availability({ f: ["wait"], orWith: ["create"], atLeast: 0.99, fault: "flapping" }),
      noAcknowledgedWriteLost,
      noneEndsByItself,
    ],
    "LG-5": exactlyOnce({ boundMs: 9000 }),
  },
} satisfies Experiment;
