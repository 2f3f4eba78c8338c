/** Clients see three times as many failures of an instance that is down as they were told. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "ejected-after-ten",
  claim: "AB-2",
  what: "An instance is left alone when ten requests to it have failed, where three failures are documented.",
  edits: [{ file: "deploy/nginx.ts", find: `maxFails = 3, failTimeoutS = 30`, replace: `maxFails = 10, failTimeoutS = 30` }],
  caughtBy: ["eject-a-failing-instance"],
} satisfies Defect;
