/** The number of the event is counted by the row anyway, so that nobody need tell it. But it was what showed that a batch had been stored: one whose answer was lost is streamed twice, and the answer that a user reads stammers. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "tokens-stored-again",
  claim: "LG-3",
  what: "A batch of tokens that is sent again because its answer was lost is stored again, as another event.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: "and status like 'running' and last_seq = $3 - 1",
      replace: "and status like 'running' and last_seq >= $3 - 1",
    },
  ],
  caughtBy: ["lose-the-answers"],
} satisfies Defect;
