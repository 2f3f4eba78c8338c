/** A run that comes to another instance because its own was stopped has had bad luck enough, and begins there with all its retries. A run that fails transiently every time is then tried more than four times whenever a deployment or a crash falls between its attempts, with its effects each time. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "failures-begin-anew",
  claim: "LG-6",
  what: "A run that is given back by a crash or a drain has all its retries for transient errors again.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: "failures = failures + $3, last_seq",
      replace: "failures = case when $3 = 0 then 0 else failures + $3 end, last_seq",
    },
  ],
  caughtBy: ["fail-attempts"],
} satisfies Defect;
