import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "one-worker-only",
  claim: "AB-24",
  what: "However many workers an instance is told to have, it starts one.",
  edits: [{ file: "workers/supervise.ts", find: `for (let slot = 1; slot <= count; slot++) begin(slot);`, replace: `if (count > 0) begin(1);` }],
  caughtBy: ["arrange-workers"],
} satisfies Defect;
