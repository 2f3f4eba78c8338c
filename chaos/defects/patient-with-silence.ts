/** Postgres ends a statement that takes too long by itself, so a second clock at the client looked redundant. But where nothing comes any more, the word of its end does not come either: whoever asked waits for a minute, and the outage is noticed only then. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "patient-with-silence",
  claim: "LG-11",
  what: "The client's own time-out of a statement is a minute: that of the server was thought to be enough.",
  edits: [
    {
      file: "store/postgres.ts",
      find: `        query_timeout: Math.min(queryTimeoutMs, left),`,
      replace: `        query_timeout: Math.max(60_000, left),`,
    },
  ],
  caughtBy: ["silence-postgres-for-long"],
} satisfies Defect;
