/**
 * Stresses the pool of connections: an outsider's lock keeps every statement on runs waiting, so that no connection is given back while requests go
 * on coming; then writes are so slow that there is more demand than connections, and each is given back. A broken system opens ever more sessions until Postgres has none left, or lets its callers wait without end or word, or
 * has fewer connections when the crowd is gone than before.
 */
import { boundedWait } from "../../harness/checkers/bounded-wait.ts";
import { withinConnectionBudget } from "../../harness/checkers/connection-budget.ts";
import { servesAgain } from "../../harness/checkers/serves-again.ts";
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
    {
      ...{ fault: "slow-writes", on: "postgres", atMs: 11_500 + random.integer(0, 500), forMs: random.integer(5000, 5500) },
      options: { table: "runs", write: "insert", delayMs: 1500 },
    },
  ],
  settleMs: 45_000,
  drainMs: 20_000,
  coverage: { operations: 1500, operationsPerFault: 150, steady: true },
  claims: {
    "HA-5": [
      withinConnectionBudget("hold-lock", "slow-writes"),
      boundedWait({ f: ["create"], fault: "hold-lock" }),
      boundedWait({ f: ["create"], fault: "slow-writes" }),
      servesAgain({ f: ["create"] }),
    ],
  },
} satisfies Experiment;
