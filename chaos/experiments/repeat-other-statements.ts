/**
 * Stresses the retries of what is no run: one after another, a third of the writes of sessions, of costs, of agents and of what was said to them meet what passes. A broken system
 * sends again what most of its clients wait for, and forgets a route.
 */
import { availability } from "../../harness/checkers/availability.ts";
import type { Experiment } from "../../harness/core/experiment.ts";
import { passing } from "../../harness/core/sqlstates.ts";

const writes = [
  { table: "sessions", write: "insert" },
  { table: "session_costs", write: "insert" },
  { table: "agents", write: "insert" },
  { table: "agents", write: "update" },
  { table: "agent_events", write: "insert" },
] as const;

export default {
  id: "repeat-other-statements",
  title: "A third of the writes of sessions, costs and agents meet a transient error of Postgres",
  profile: "weekly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60, settings: { WRITE_SHARE: 0.6 } },
  schedule: (random) =>
    random.shuffle(writes).map((written, i) => ({
      ...{ fault: "inject-sqlstate", on: "postgres", atMs: i * 6000 + random.integer(0, 500), forMs: random.integer(3500, 4000) },
      options: { ...written, percent: 33, seed: random.integer(0, 1_000_000), sqlstate: passing },
    })),
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 150, steady: true },
  claims: {
    "LG-14": ["saveSession", "addCost", "saveState"].map((f) => availability({ f: [f], atLeast: 0.99, fault: "inject-sqlstate" })),
  },
} satisfies Experiment;
