/** Read, add, write. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cost-overwritten",
  claim: "AB-4",
  what: "A cost is added to the sum that was read before.",
  edits: [
    {
      file: "sessions/session.ts",
      find: "set cost_micros = cost_micros + entry.micros, version = version + 1 from entry",
      replace:
        "set cost_micros = (select before.cost_micros from sessions before where before.id = $1) + entry.micros, version = version + 1 from entry",
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
