/**
 * Stresses the end of a lease: instances that are inside long critical sections are cut off from Postgres, one after another, so that no renewal comes through, while others wait
 * for the same agents. A broken system lets a holder that cannot renew go on beside its successor, or hears its late write.
 */
import { noLostUpdate, staleWriteRefused } from "../../harness/checkers/fencing.ts";
import { mutualExclusion } from "../../harness/checkers/mutual-exclusion.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const api = 3;

export default {
  id: "cut-off-a-lock-holder",
  title: "Cut instances with long critical sections off from Postgres",
  profile: "weekly",
  topology: { api, queue: 0 },
  proxied: ["api->postgres"],
  // Four agents are always held, by turns of two leases, and always waited for.
  load: { scenario: "take-turns", perSecond: 40, settings: { CONTENDED: 4, CONTENDED_SHARE: 0.025, THINK_MS: 6000, PAIR_EVERY: 1_000_000 } },
  schedule: (random) =>
    random.shuffle(Array.from({ length: api }, (_, i) => i + 1)).map((nth, i) => ({
      ...{ fault: "partition", on: `api-${nth}->postgres`, atMs: 3000 + i * 11_000 + random.integer(0, 1000), forMs: random.integer(6500, 7500) },
    })),
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 1200, operationsPerFault: 80, steady: true },
  claims: { "HS-6": [mutualExclusion, noLostUpdate], "HA-13": [staleWriteRefused] },
} satisfies Experiment;
