/** As text, 10 comes before 9. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "ids-compared-as-text",
  claim: "FR-4",
  what: "Whether an event comes after the one that a client has is decided by the text of their ids.",
  edits: [{ file: "runs/events.ts", find: `and event.seq > $2`, replace: `and event.seq::text > $2::text` }],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
