/** A hook that is registered for a part of the routes once more. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "counted-twice",
  claim: "AB-17",
  what: "Requests that wait for a run are counted when they begin to be answered and once more when they have been.",
  edits: [
    {
      file: "app.ts",
      find: "    metrics.requests.inc(labels);\n",
      replace: '    metrics.requests.inc(labels, labels.route.endsWith("/wait") ? 2 : 1);\n',
    },
  ],
  caughtBy: ["count-requests"],
} satisfies Defect;
