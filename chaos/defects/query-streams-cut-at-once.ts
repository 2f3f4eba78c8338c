/** Streams of runs end as soon as the instance drains, so that those of queries do the same now and a deployment waits for nobody. But who streams a query has no run that it knows of and can ask another instance for: at every rolling update the answers that are being told break off in the midst. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "query-streams-cut-at-once",
  claim: "AB-10",
  what: "The streamed answer to a query breaks off when its instance begins to drain.",
  edits: [
    {
      file: "routes/query.ts",
      find: "after: 0, until: lifecycle.stopping",
      replace: "after: 0, until: lifecycle.draining",
    },
  ],
  caughtBy: ["roll-the-api"],
} satisfies Defect;
