/**
 * Stresses the way in which operators clear locks, where locks are keys of Redis: the lock of a holder in the midst of its section is cleared through another instance, and the holder
 * works on for longer than a lease, or is killed, early and late. A broken system lets the next one in beside a holder that lives, lets that one go on as if nothing had been said, or has a lock that was cleared and is never
 * free again.
 */
import { noLostUpdate, staleWriteRefused } from "../../harness/checkers/fencing.ts";
import { lockComesFree } from "../../harness/checkers/lock-comes-free.ts";
import { lockKept } from "../../harness/checkers/lock-kept.ts";
import { mutualExclusion } from "../../harness/checkers/mutual-exclusion.ts";
import { revokedLeaves } from "../../harness/checkers/revoked-leaves.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const options = { path: "/api/v1/agents/{subject}/lock/clear", held: "revoked" };

export default {
  id: "clear-locks-of-the-dead",
  title: "Clear locks in Redis whose holders work on, or are killed, early and late",
  profile: "weekly",
  topology: { api: 3, queue: 0 },
  settings: { api: { LOCK_STRATEGY: "redis" } },
  proxied: [],
  // A holder that is spared has more to do than its lease lets it, when its lock is cleared after three and a half seconds; who waits for it gives up after ten.
  load: { scenario: "take-turns", perSecond: 60, settings: { LONG_MS: 8000, PAIR_EVERY: 400 } },
  schedule: (random) => [
    {
      ...{ fault: "clear-lock", on: "long-holder-of-lock", atMs: random.integer(0, 500), forMs: random.integer(4500, 5500) },
      options: { ...options, spare: 1 },
    },
    ...random.shuffle(["holder-of-lock", "long-holder-of-lock"]).map((on, n) => ({
      ...{ fault: "clear-lock", on, atMs: (n + 1) * 12_000 + random.integer(0, 500), forMs: random.integer(1500, 2500), options },
    })),
  ],
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 50_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "HS-6": [mutualExclusion, noLostUpdate, lockKept({ f: ["turn"] })],
    "HS-7": [lockComesFree({ f: ["turn"] }), revokedLeaves],
    "HA-13": [staleWriteRefused],
  },
} satisfies Experiment;
