/**
 * Stresses connections on which nothing is said: Redis closes them after a while, those of a queue without work among them. A broken system believes in a
 * connection that is no longer there, and goes without Redis from then on. Elsewhere no queue instance is there, one of which tidies up for all, beside a load of sessions: a
 * broken system tidies away what is still in use.
 */
import { availability } from "../../harness/checkers/availability.ts";
import { redisClientsKept } from "../../harness/checkers/clients-kept.ts";
import { countedOnce } from "../../harness/checkers/counted-once.ts";
import { monotonicReads, readYourWrites } from "../../harness/checkers/sessions.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const session = { write: "saveSession", read: "readSession" };

export default {
  id: "close-idle-connections",
  title: "Redis closes connections that are idle",
  profile: "nightly",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60 },
  // Clients are counted before it, too.
  schedule: (random) => [
    { fault: "close-idle-redis", on: "redis", atMs: 9000 + random.integer(0, 500), forMs: random.integer(7000, 8000), options: { seconds: 2 } },
  ],
  settleMs: 12_000,
  drainMs: 0,
  // A queue that has nothing to do is never seen serving.
  coverage: { operations: 1500, operationsPerFault: 200, steady: false },
  claims: {
    "AB-29": [
      redisClientsKept("close-idle-redis"),
      availability({ f: ["saveSession", "readSession", "peekSession", "saveState", "peekAgent"], atLeast: 0.999, fault: "close-idle-redis" }),
    ],
    "AB-4": [readYourWrites(session), monotonicReads(session), countedOnce({ add: "addCost", read: "readSession" })],
  },
} satisfies Experiment;
