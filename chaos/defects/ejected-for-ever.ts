/** One bad minute, and an instance is lost to the deployment until somebody reloads the balancer. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "ejected-for-ever",
  claim: "AB-9",
  what: "An instance that failed three times is not tried again for an hour.",
  edits: [{ file: "deploy/nginx.ts", find: `maxFails = 3, failTimeoutS = 30`, replace: `maxFails = 3, failTimeoutS = 3600` }],
  caughtBy: ["fail-over-by-hand"],
} satisfies Defect;
