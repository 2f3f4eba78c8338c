/**
 * Stresses the time to live of copies: it is set to half a second and then to six, each for some seconds, while one instance hears of no change. A broken system answers
 * from copies beyond their time, or keeps them no longer however long they may live.
 */
import { expiryCurve } from "../../harness/checkers/expiry-curve.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "weigh-expiry",
  title: "Hits against staleness over two times to live, with one instance that hears nothing",
  profile: "weekly",
  topology: { api: 2, queue: 0 },
  proxied: ["api->redis"],
  load: { scenario: "share-state", perSecond: 100, settings: { THINGS: 60, WRITE_SHARE: 0.15 } },
  schedule: (random) => [
    { fault: "partition", on: "api-1->redis", atMs: random.integer(0, 500), forMs: 74_000 },
    // An instance takes seconds to be left by everybody and to start again.
    ...[500, 6000].map((value, i) => ({
      ...{ fault: "reconfigure", on: "api", atMs: 1000 + i * 37_000 + random.integer(0, 500), forMs: 15_000 },
      options: { setting: "CACHE_TTL_MS", value, counter: "CONFIG_GENERATION", generation: i + 2 },
    })),
  ],
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 3000, operationsPerFault: 0, steady: true },
  claims: {
    "HA-20": [
      expiryCurve({ write: "saveState", read: "peekAgent", hits: ["agentsFromInstance", "agentsFromRedis"], misses: ["agentsFromDatabase"] }),
    ],
  },
} satisfies Experiment;
