/**
 * Stresses leases by whose clock: an API instance comes back from a restart with a wall clock that is a minute ahead, another with one that is a minute
 * behind, while turns fight over agents through all of them. A broken system compares a lease with the clock of the instance that asks, and enters beside
 * the holder, or holds a lock for ever.
 */
import { noLostUpdate, staleWriteRefused } from "../../harness/checkers/fencing.ts";
import { mutualExclusion } from "../../harness/checkers/mutual-exclusion.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "skew-clocks-under-locks",
  title: "Wall clocks of API instances a minute ahead and behind, under locks",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "take-turns", perSecond: 60 },
  schedule: (random) =>
    random.shuffle(["api-1", "api-2"]).map((on, i) => ({
      ...{ fault: "skew-clock", on, atMs: i * 11_000 + random.integer(0, 500), forMs: random.integer(6500, 7500) },
      options: { markDown: 1, aheadMs: (i === 0 ? 1 : -1) * random.integer(50_000, 70_000) },
    })),
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 300, steady: true },
  claims: { "HS-6": [mutualExclusion, noLostUpdate], "HA-13": [staleWriteRefused] },
} satisfies Experiment;
