/** A client that has all but the last event is told that it has everything. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "end-taken-for-known",
  claim: "LG-3",
  what: "Whoever resumes the stream of a finished run after the event before its last is told that there is nothing more.",
  edits: [{ file: "routes/stream.ts", find: `after >= run.last_seq)`, replace: `after >= run.last_seq - 1)` }],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
