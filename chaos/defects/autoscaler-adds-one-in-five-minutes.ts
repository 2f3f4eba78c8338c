/** A careful policy: at ten times the load the last pod that is needed comes after half an hour. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "autoscaler-adds-one-in-five-minutes",
  claim: "AB-16",
  what: "The manifest lets the autoscaler add one pod in five minutes.",
  edits: [
    {
      file: "deploy/kubernetes/api.yaml",
      find: `  maxReplicas: 10
`,
      replace: `  maxReplicas: 10
  behavior:
    scaleUp:
      policies:
        - type: Pods
          value: 1
          periodSeconds: 300
`,
    },
  ],
  caughtBy: ["replay-the-autoscaler"],
} satisfies Defect;
