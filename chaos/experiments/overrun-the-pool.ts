/**
 * Stresses the pool of connections: an outsider's lock keeps every statement on runs waiting, so that no connection is given back while requests go
 * on coming. A broken system opens ever more sessions until Postgres has none left, or lets its callers wait without end or word.
 */
import { boundedWait } from "../../harness/checkers/bounded-wait.ts";
import { withinConnectionBudget } from "../../harness/checkers/connection-budget.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "overrun-the-pool",
  title: "More demand than connections while an outsider holds a lock",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 60 },
  // Longer than callers are kept waiting: some have to be refused.
  schedule: (random) => [
    { fault: "hold-lock", on: "postgres", atMs: random.integer(0, 500), forMs: random.integer(8000, 8500), options: { table: "runs" } },
  ],
  settleMs: 45_000,
  drainMs: 20_000,
  coverage: { operations: 1500, operationsPerFault: 150, steady: true },
  claims: { "HA-5": [withinConnectionBudget("hold-lock"), boundedWait({ f: ["create"], fault: "hold-lock" })] },
} satisfies Experiment;
