/** A claim like any other statement: what failed for a passing reason is sent again. But it takes other runs then: those of the claim whose answer was lost belong to an instance that knows nothing of them, until the heartbeat that they never had is missed. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "claimed-anew",
  claim: "LG-14",
  what: "A claim whose answer was lost is sent again, instead of asking what it took: its runs lie for six seconds and are executed as a second attempt.",
  edits: [
    {
      file: "runs/claim.ts",
      find: "await db.query<ClaimedRun>(readBackSql, [handler, nonce])",
      replace: "await db.query<ClaimedRun>(claimSql, [free, handler, nonce, readyForMs])",
    },
  ],
  caughtBy: ["lose-the-answers"],
} satisfies Defect;
