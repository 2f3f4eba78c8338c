/** Two events of one millisecond have one id, and nobody can resume from it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "event-ids-from-a-clock",
  claim: "FR-4",
  what: "The ids of events are times in milliseconds.",
  edits: [
    {
      file: "routes/event-stream.ts",
      find: `id: \${seq}`,
      replace: `id: \${Date.now()}`,
    },
  ],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
