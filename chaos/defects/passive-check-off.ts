/** The instance that is down has the fewest requests under way, so the balancer picks it most of all. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "passive-check-off",
  claim: "HA-7",
  what: "The balancer does not count failures: an instance that refuses every request stays in the pool.",
  edits: [{ file: "deploy/nginx.ts", find: `maxFails = 3, failTimeoutS = 30`, replace: `maxFails = 0, failTimeoutS = 30` }],
  caughtBy: ["eject-a-failing-instance"],
} satisfies Defect;
