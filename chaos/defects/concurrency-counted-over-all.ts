/** More queue instances execute no more runs: the limit of one instance is counted over all of them. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "concurrency-counted-over-all",
  claim: "LG-4",
  what: "An instance claims nothing while ten runs are in progress anywhere.",
  edits: [
    {
      file: "runs/claim.ts",
      find: `    limit $1
`,
      replace: `    limit greatest(0, least($1, 10 - (select count(*)::int from runs where status = 'running')))
`,
    },
  ],
  caughtBy: ["scale-queue-instances"],
} satisfies Defect;
