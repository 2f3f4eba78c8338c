/** No news is taken for good news. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "heard-of-half-a-minute-ago",
  claim: "HA-12",
  what: "An answer of the database to anybody stands for its health for half a minute.",
  edits: [
    {
      file: "health.ts",
      find: "const answeredMs = 500;",
      replace: "const answeredMs = 30_000;",
    },
  ],
  caughtBy: ["ask-for-health"],
} satisfies Defect;
