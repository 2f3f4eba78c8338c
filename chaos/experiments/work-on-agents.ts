/**
 * Stresses what the per-agent lock covers: every kind of change contends for the same agents through all instances, and a holder is stopped in the
 * middle of its section; then turns come over WebSockets as well. A broken system lets one kind of work, or one way to it, pass the lock by.
 */
import { staleWriteRefused } from "../../harness/checkers/fencing.ts";
import { foundElsewhere } from "../../harness/checkers/found-elsewhere.ts";
import { mutualExclusion } from "../../harness/checkers/mutual-exclusion.ts";
import { writtenInside } from "../../harness/checkers/written-inside.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "work-on-agents",
  title: "Turns, state, memory and tools contend for agents, and a holder is paused",
  profile: "nightly",
  safety: "weekly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "work-on-agents", perSecond: 80 },
  schedule: (random) => [
    { fault: "pause", on: "holder-of-lock", atMs: random.integer(0, 500), forMs: random.integer(4500, 5200) },
    // Of a few of the load's agents, each thinks for longer than its clients are silent, so that those of two instances always want it at once.
    {
      ...{ fault: "turns-by-socket", on: "api", atMs: random.integer(6500, 7000), forMs: 200 },
      options: {
        ...{ path: "/api/v1/agents/agent-#/ws", make: "/api/v1/agents/agent-#", agents: 6, lastsMs: 3500 },
        ...{ say: JSON.stringify({ message: "over a WebSocket", think_ms: 300 }), accepted: "accepted" },
      },
    },
  ],
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 1500, operationsPerFault: 200, steady: true },
  claims: { "HS-21": [mutualExclusion, writtenInside, staleWriteRefused], "HS-5": [foundElsewhere({ remember: "useTool", recall: "recall" })] },
} satisfies Experiment;
