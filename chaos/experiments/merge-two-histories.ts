/**
 * Stresses the return of a region: its primary acknowledges writes that never reach the standby, dies, and comes back when the promoted standby has gone on with the same agents. What
 * each side has of an agent is brought together. A broken system takes one for the other in silence, or lets nobody see what the lost side had.
 */
import { conflictsVisible } from "../../harness/checkers/conflicts-visible.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "merge-two-histories",
  title: "Bring back what a lost region had written, when its successor has gone on",
  profile: "weekly",
  layout: "standby",
  topology: { api: 2, queue: 0 },
  proxied: ["*->postgres"],
  load: { scenario: "move-agents", perSecond: 30, settings: { MOVED: 0, AGENTS: 20 } },
  schedule: (random) => [
    {
      ...{ fault: "promote-the-standby", on: "postgres", atMs: random.integer(9000, 10_000), forMs: 25_000 },
      options: { acknowledged: 1, cutMs: random.integer(2000, 3000), waitMs: random.integer(500, 1500) },
    },
    {
      ...{ fault: "merge-histories", on: "agents", atMs: 15_000, forMs: 200 },
      options: {
        ...{ agents: 20, goOnMs: 3000, document: "/api/v1/agents/ID/document", ready: "/api/v1/monitoring/ready" },
        // The settings of the deployment lie in its database, too, and this is another one now.
        ...{ port: "PORT", database: "DATABASE_URL", cache: "REDIS_URL", others: "ROLE=api INSTANCE_ID=old-side CONFIG_GENERATION=2" },
      },
    },
  ],
  settleMs: 10_000,
  drainMs: 0,
  coverage: { operations: 800, operationsPerFault: 50, steady: false },
  claims: { "HA-23": [conflictsVisible] },
} satisfies Experiment;
