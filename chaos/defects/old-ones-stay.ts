/** The documented release: new instances are added beside the old ones, which are then stopped. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "old-ones-stay",
  claim: "AB-11",
  what: "Instances that are to get nothing more stay in the balancer's configuration like all others.",
  edits: [{ file: "deploy/nginx.ts", find: `down.includes(address) ? " down"`, replace: `down.includes(address) ? ""` }],
  caughtBy: ["switch-to-new-instances"],
} satisfies Defect;
