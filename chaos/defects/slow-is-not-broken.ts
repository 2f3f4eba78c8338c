/** A statement that took too long was ended by our own clock, and its connection is kept, because connecting anew in the midst of a slow spell made it worse. A connection over which nothing comes any more is never replaced, the next statement queues up behind the one that was given up, and the outage is never noticed: each caller waits for its whole budget. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "slow-is-not-broken",
  claim: "LG-11",
  what: "A connection whose statement was not answered in time is kept, and the database counts as there.",
  edits: [
    {
      file: "store/transient.ts",
      find: "  if (error instanceof Error && stalePlan.test(error.message)) return false;\n",
      replace:
        '  if (error instanceof Error && stalePlan.test(error.message)) return false;\n  if (error instanceof Error && error.message === "Query read timeout") return true;\n',
    },
  ],
  caughtBy: ["silence-postgres-for-long"],
} satisfies Defect;
