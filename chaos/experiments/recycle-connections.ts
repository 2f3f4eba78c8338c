/**
 * Stresses the replacement of connections: those of all API instances are given four seconds to live, under load. A broken system keeps them for as long as they last, or
 * lets its clients feel each replacement.
 */
import { withinConnectionBudget } from "../../harness/checkers/connection-budget.ts";
import { connectionsRecycled } from "../../harness/checkers/connections-recycled.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "recycle-connections",
  title: "Connections that live for four seconds, under load",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [
    {
      ...{ fault: "reconfigure", on: "api", atMs: random.integer(0, 500), forMs: 12_000 },
      options: { setting: "POOL_RECYCLE_MS", value: 4000, counter: "CONFIG_GENERATION", generation: 2 },
    },
  ],
  settleMs: 30_000,
  drainMs: 20_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "HA-5": [connectionsRecycled, withinConnectionBudget()], "LG-5": exactlyOnce({ boundMs: 9000 }) },
} satisfies Experiment;
