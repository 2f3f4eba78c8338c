/** Costs come in all the time and every one of them made the If-Match of somebody's write fail, so that they no longer count as a change of the session. But the version is how a copy in Redis is told from a newer one, and how a client asks for what it has seen: a late fill replaces the newer sum, and a client is answered with the sum before its own cost. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cost-without-a-version",
  claim: "AB-4",
  what: "A cost that is added leaves the session's version as it was.",
  edits: [
    {
      file: "sessions/session.ts",
      find: "set cost_micros = cost_micros + entry.micros, version = version + 1 from entry",
      replace: "set cost_micros = cost_micros + entry.micros from entry",
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
