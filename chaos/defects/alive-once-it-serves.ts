/** The one page that must always be answered. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "alive-once-it-serves",
  claim: "AB-8",
  what: "The liveness page is answered like any other route: not before the instance serves, and not when it is busy.",
  edits: [
    {
      file: "server.ts",
      find: "monitoring\\/|openapi",
      replace: "monitoring\\/ready$|openapi",
    },
  ],
  caughtBy: ["start-in-the-wrong-order"],
} satisfies Defect;
