/** From the number that the client has, and not from the one after it: whoever resumes a stream reads it twice. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "stream-repeats",
  claim: "FR-5",
  what: "Who resumes a stream gets the event that it has once more.",
  edits: [
    {
      file: "routes/stream.ts",
      find: 'const after = Number(request.headers["last-event-id"] ?? 0);',
      replace: 'const after = Math.max(0, Number(request.headers["last-event-id"] ?? 0) - 1);',
    },
  ],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
