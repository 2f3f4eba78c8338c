/** At least once: nobody has told the clients that they should sort out what they have. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "batch-sent-again",
  claim: "HS-8",
  what: "Of several messages that are sent together only the first is noted as sent, so the others are sent again.",
  edits: [
    {
      file: "sockets/follow.ts",
      find: `      last = event.seq;
      if (over.aborted) return;`,
      replace: `      last = events[0]?.seq ?? last;
      if (over.aborted) return;`,
    },
  ],
  caughtBy: ["broadcast-through-faults"],
} satisfies Defect;
