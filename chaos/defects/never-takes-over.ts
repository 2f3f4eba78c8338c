import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "never-takes-over",
  claim: "HA-1",
  what: "A passive instance takes the place only when it was given up politely: a lease that ran out is left to its holder.",
  edits: [
    {
      file: "leader/lease.ts",
      find: `where name = $1 and (expires_at < clock_timestamp() or holder = $2)`,
      replace: `where name = $1 and (expires_at = '-infinity' or holder = $2)`,
    },
  ],
  caughtBy: ["replace-the-active-instance"],
} satisfies Defect;
