/** An instance that is still starting is tried again and again. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "ejected-for-too-short",
  claim: "AB-2",
  what: "An instance that failed three times is left alone for ten seconds, where thirty are documented.",
  edits: [{ file: "deploy/nginx.ts", find: `maxFails = 3, failTimeoutS = 30`, replace: `maxFails = 3, failTimeoutS = 10` }],
  caughtBy: ["eject-a-failing-instance"],
} satisfies Defect;
