/**
 * Stresses what the per-agent lock covers: every kind of change contends for the same agents through all instances, and a holder is stopped in the
 * middle of its section. A broken system lets one kind of work pass the lock by.
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
  schedule: (random) => [{ fault: "pause", on: "holder-of-lock", atMs: random.integer(0, 500), forMs: random.integer(4500, 5200) }],
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 1500, operationsPerFault: 200, steady: true },
  claims: { "HS-21": [mutualExclusion, writtenInside, staleWriteRefused], "HS-5": [foundElsewhere({ remember: "useTool", recall: "recall" })] },
} satisfies Experiment;
