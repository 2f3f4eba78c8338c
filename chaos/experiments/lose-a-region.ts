/**
 * Stresses two regions with a long way between them: each loses its Redis, and then the second loses everything. A broken deployment has one region depend on what is in the other, leads clients to it all the same,
 * reads from afar what it has near by, or leaves the clients of a region alone that is gone.
 */
import { ledElsewhere } from "../../harness/checkers/led-elsewhere.ts";
import { ledHome } from "../../harness/checkers/led-home.ts";
import { nearIsFaster } from "../../harness/checkers/near-is-faster.ts";
import { regionsIndependent } from "../../harness/checkers/regions-independent.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "lose-a-region",
  title: "Two regions lose their Redis, and one of them everything",
  profile: "weekly",
  layout: "regions",
  topology: { api: 4, queue: 0 },
  proxied: [],
  load: { scenario: "read-from-regions", perSecond: 20 },
  schedule(random) {
    const redis = { fault: "lose-regional-redis", forMs: 500, options: { health: "/api/v1/health" } };
    return [
      { ...redis, on: "a", atMs: random.integer(0, 1000) },
      { ...redis, on: "b", atMs: 15_000 + random.integer(0, 1000) },
      { fault: "lose-region", on: "b", atMs: 30_000 + random.integer(0, 1000), forMs: 10_000 },
    ];
  },
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 1000, operationsPerFault: 50, steady: true },
  claims: {
    "HA-22": [regionsIndependent, ledHome, ledElsewhere({ fault: "lose-region" }), nearIsFaster({ near: "peekNear", far: "readAgent", region: "b" })],
  },
} satisfies Experiment;
