/** The update has its pods back later. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "all-but-one-may-go",
  claim: "AB-26",
  what: "The manifest lets an update take away pods before others are ready in their places.",
  edits: [{ file: "deploy/kubernetes/api.yaml", find: `      maxUnavailable: 0`, replace: `      maxUnavailable: 2` }],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
