/**
 * Stresses what may be sent twice: an API instance is killed with SIGKILL while several creations are under way at it, each with a key by which a repetition is told. A broken deployment gives up
 * what the dead instance had taken, though another one could do it.
 */
import { availability, noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "kill-amid-creations",
  title: "Kill an API instance in the middle of creations that may be sent twice",
  profile: "weekly",
  // The other one takes all of them at once while this one is away.
  settings: { api: { POOL_SIZE: "20" } },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 60 },
  schedule: (random, topology) => [
    // Of 60 creations a second, some six are under way at each of two instances.
    { fault: "slow-writes", on: "postgres", atMs: 0, forMs: 9000, options: { table: "runs", write: "insert", delayMs: 200 } },
    { fault: "kill", on: `api-${random.integer(1, topology.api ?? 1)}`, atMs: random.integer(1500, 2500), forMs: random.integer(2500, 3500) },
  ],
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 20_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "HA-2": [availability({ f: ["create"], atLeast: 0.99, fault: "kill" }), noAcknowledgedWriteLost] },
} satisfies Experiment;
