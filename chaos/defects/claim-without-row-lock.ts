/** Two instances that look at the same moment both get the run: READ COMMITTED lets the second update wait for the first and then go ahead. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "claim-without-row-lock",
  claim: "LG-5",
  what: "Claims read the pending runs without locking their rows and take them without looking whether they are still pending.",
  edits: [
    {
      file: "runs/claim.ts",
      find: `    limit $1
    for update skip locked
`,
      replace: `    limit $1
`,
    },
    {
      file: "runs/claim.ts",
      find: `where runs.id = any(array(select id from next)) and runs.status like 'pending'`,
      replace: `where runs.id = any(array(select id from next))`,
    },
  ],
  caughtBy: ["kill-a-queue-instance"],
} satisfies Defect;
