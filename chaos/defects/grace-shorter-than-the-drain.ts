/** So that nodes are emptied sooner. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "grace-shorter-than-the-drain",
  claim: "HS-12",
  what: "Pods have 10 s to end, and drain for 20 s.",
  edits: [
    {
      file: "deploy/kubernetes/api.yaml",
      find: `      terminationGracePeriodSeconds: 40
`,
      replace: `      terminationGracePeriodSeconds: 10
`,
    },
  ],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
