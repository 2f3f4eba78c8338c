/** The client asks for what follows event n and is given what follows n + 1. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "resume-skips-an-event",
  claim: "FR-5",
  what: "A stream that is resumed begins one event too late.",
  edits: [
    {
      file: "routes/event-stream.ts",
      find: `  let last = after;`,
      replace: `  let last = after > 0 ? after + 1 : 0;`,
    },
  ],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
