import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "no-margin",
  claim: "HS-6",
  what: "A holder works to the last moment of its lease, by the time at which its renewal was answered.",
  edits: [{ file: "locks/lock.ts", find: "const marginMs = 500;", replace: "const marginMs = -1500;" }],
  caughtBy: ["cut-off-a-lock-holder"],
} satisfies Defect;
