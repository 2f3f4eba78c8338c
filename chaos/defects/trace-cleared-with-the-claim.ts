/** Tidying up a little too much. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "trace-cleared-with-the-claim",
  claim: "HS-16",
  what: "A run that is given back forgets the trace that it belongs to.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: "set status = 'pending', handler = null, claim_id = null, failures",
      replace: "set status = 'pending', handler = null, claim_id = null, traceparent = null, failures",
    },
  ],
  caughtBy: ["follow-a-request"],
} satisfies Defect;
