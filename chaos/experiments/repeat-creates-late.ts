/**
 * Stresses idempotency keys that come again when little is left of their runs: finished ones are kept for a minute only, which is the shortest time that the target accepts, and clients
 * send keys again when that is over, while an instance is killed and Postgres restarts. A broken system makes a second run, has forgotten what the first request was, or refuses
 * the same as another one.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { idempotentCreates, keysSentAgain } from "../../harness/checkers/idempotent-creates.ts";
import { sameBodyTaken } from "../../harness/checkers/same-body-taken.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const kept = { RETAIN_RUNS_S: "60" };
/** Old runs are looked for each 10 s, and a look that came just before the time was over is followed by another one (s). */
const olderS = 82;

export default {
  id: "repeat-creates-late",
  title: "Send idempotency keys again when what they made has been removed, with an instance killed and Postgres restarted",
  profile: "weekly",
  topology: { api: 3, queue: 2 },
  settings: { api: kept, queue: kept },
  proxied: [],
  load: { scenario: "repeat-creates", perSecond: 60, settings: { OLDER_S: olderS } },
  schedule: (random) => [
    { fault: "kill", on: `api-${random.integer(1, 3)}`, atMs: random.integer(0, 500), forMs: random.integer(2000, 2500) },
    // By then keys have come again for some seconds.
    { fault: "restart-postgres", on: "postgres", atMs: 90_000 + random.integer(0, 500), forMs: 500, options: { mode: "immediate" } },
  ],
  settleMs: 45_000,
  drainMs: 20_000,
  coverage: { operations: 4000, operationsPerFault: 80, steady: true },
  claims: { "FR-9": [sameBodyTaken({ afterMs: 80_000 }), idempotentCreates, keysSentAgain, noAcknowledgedWriteLost] },
} satisfies Experiment;
