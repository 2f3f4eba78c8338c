/** What nginx does where nobody sets it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "balancer-reads-for-a-minute",
  claim: "AB-23",
  what: "The balancer gives an instance up that has been silent for its default of 60 s.",
  edits: [{ file: "deploy/nginx.ts", find: "settings.readTimeoutS ?? 300", replace: "settings.readTimeoutS ?? 60" }],
  caughtBy: ["watch-memory"],
} satisfies Defect;
