/**
 * Stresses the table of locks: hundreds of agents are worked on, an instance is killed with locks in its hands, and the records are counted meanwhile. A broken system
 * keeps one for every agent that it has ever heard of.
 */
import { noRecordsLeft } from "../../harness/checkers/records-left.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const look = { fault: "count-rows", on: "postgres", forMs: 100, options: { from: "agent_locks" } };

export default {
  id: "hold-many-locks",
  title: "Count the records of locks while hundreds of agents are worked on",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "work-on-agents", perSecond: 50, settings: { AGENTS: 600 } },
  schedule: (random) => [
    { ...look, atMs: 500 },
    { fault: "kill", on: `api-${random.integer(1, 3)}`, atMs: 2000 + random.integer(0, 500), forMs: random.integer(1500, 2500) },
    ...[8000, 12_000, 16_000].map((atMs) => ({ ...look, atMs: atMs + random.integer(0, 500) })),
  ],
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 1200, operationsPerFault: 0, steady: true },
  claims: { "HS-7": [noRecordsLeft({ what: "lock records", f: ["turn", "saveState", "setBlock", "useTool"] })] },
} satisfies Experiment;
