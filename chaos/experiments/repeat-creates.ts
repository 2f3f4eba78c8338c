/**
 * Stresses idempotency keys: clients send each key three times through all instances, some with another body, some in a thread of its own or in two, while an instance is killed
 * in the middle of its answers and Postgres restarts. A broken system makes a second run for a key, accepts a body under the key of another, or refuses a create because
 * its own run keeps the thread busy.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { idempotentCreates, keysSentAgain } from "../../harness/checkers/idempotent-creates.ts";
import { notBusyWithItself } from "../../harness/checkers/own-thread.ts";
import { sameBodyTaken } from "../../harness/checkers/same-body-taken.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "repeat-creates",
  title: "Send idempotency keys again through every instance, with an instance killed and Postgres restarted",
  profile: "nightly",
  safety: "weekly",
  topology: { api: 3, queue: 2 },
  proxied: [],
  load: { scenario: "repeat-creates", perSecond: 90 },
  schedule: (random) => [
    { fault: "kill", on: `api-${random.integer(1, 3)}`, atMs: random.integer(0, 500), forMs: random.integer(1500, 2500) },
    { fault: "restart-postgres", on: "postgres", atMs: 8000 + random.integer(0, 500), forMs: 500, options: { mode: "immediate" } },
  ],
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 20_000,
  coverage: { operations: 2000, operationsPerFault: 100, steady: true },
  claims: { "FR-9": [idempotentCreates, keysSentAgain, sameBodyTaken({ afterMs: 1500 }), notBusyWithItself, noAcknowledgedWriteLost] },
} satisfies Experiment;
