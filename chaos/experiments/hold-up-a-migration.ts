/**
 * Stresses the beginning of an instance whose schema cannot be looked at yet: an outsider holds the table in which migrations are noted, and one instance of each role is
 * killed and started again meanwhile. A broken instance says that it is ready before it knows that its tables are as it needs them.
 */

import { servesAgain } from "../../harness/checkers/serves-again.ts";
import { waitsForItsSchema } from "../../harness/checkers/start-order.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "hold-up-a-migration",
  title: "Instances are started while migrations are held up",
  profile: "weekly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule(random, topology) {
    const victims = [`api-${random.integer(1, topology.api ?? 1)}`, `queue-${random.integer(1, topology.queue ?? 1)}`];
    return [
      {
        fault: "hold-lock",
        on: "postgres",
        atMs: random.integer(0, 500),
        forMs: random.integer(15_000, 16_000),
        options: { table: "schema_migrations" },
      },
      ...victims.map((on) => ({ fault: "kill", on, atMs: 1500 + random.integer(0, 500), forMs: random.integer(300, 600) })),
    ];
  },
  settleMs: 45_000,
  drainMs: 20_000,
  // An instance that takes no connection for as long as it starts may be out of rotation afterwards.
  coverage: { operations: 1500, operationsPerFault: 0, steady: true },
  claims: { "HS-2": [waitsForItsSchema("hold-lock"), servesAgain({ f: ["create"] })] },
} satisfies Experiment;
