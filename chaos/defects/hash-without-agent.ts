import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "hash-without-agent",
  claim: "FR-9",
  what: "A body that differs in its agent only passes for the same.",
  edits: [{ file: "runs/create.ts", find: "JSON.stringify([agentId ?? null, steps", replace: "JSON.stringify([agentId === undefined, steps" }],
  caughtBy: ["repeat-creates"],
} satisfies Defect;
