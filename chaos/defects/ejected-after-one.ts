/** One request that breaks off for any reason, and half of the deployment is gone for half a minute. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "ejected-after-one",
  claim: "AB-2",
  what: "An instance that failed once is left alone for thirty seconds, where three failures are documented.",
  edits: [{ file: "deploy/nginx.ts", find: `maxFails = 3, failTimeoutS = 30`, replace: `maxFails = 1, failTimeoutS = 30` }],
  caughtBy: ["eject-a-failing-instance"],
} satisfies Defect;
