/**
 * Stresses sessions over restarts of Redis: it is killed right after it acknowledged writes and comes back from its append-only file, and later it comes back
 * without one. A broken system has its sessions in Redis alone, and a client no longer sees what it has written.
 */
import { fileKept } from "../../harness/checkers/redis-file.ts";
import { servesAgain } from "../../harness/checkers/serves-again.ts";
import { monotonicReads, readYourWrites } from "../../harness/checkers/sessions.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const session = { write: "saveSession", read: "readSession" };

export default {
  id: "restart-redis-with-its-file",
  title: "Kill Redis and start it again, with its append-only file and without",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60, settings: { WRITE_SHARE: 0.4 } },
  schedule: (random) => [
    { fault: "crash-redis", on: "redis", atMs: random.integer(0, 500), forMs: random.integer(1500, 2500) },
    { fault: "restart-redis", on: "redis", atMs: 9000 + random.integer(0, 500), forMs: random.integer(1500, 2500) },
  ],
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "AB-22": [fileKept, readYourWrites(session), monotonicReads(session), servesAgain({ f: ["readSession"] })],
    "AB-31": [readYourWrites(session)],
  },
} satisfies Experiment;
