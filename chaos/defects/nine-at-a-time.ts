import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "nine-at-a-time",
  claim: "LG-4",
  what: "One of the slots is never given.",
  edits: [
    { file: "runs/queue.ts", find: "const slots = openSlots(runsPerInstance);", replace: "const slots = openSlots(runsPerInstance - 1);" },
    { file: "runs/queue.ts", find: "const free = runsPerInstance -", replace: "const free = runsPerInstance - 1 -" },
  ],
  caughtBy: ["scale-queue-instances"],
} satisfies Defect;
