/** Meant to save money: pods are taken away as soon as they are not needed, and asked for again a minute later. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "autoscaler-without-memory",
  claim: "AB-16",
  what: "The manifest has the autoscaler forget what it recommended before, so that every ebb of the load takes pods away.",
  edits: [
    {
      file: "deploy/kubernetes/api.yaml",
      find: `  # Per cent of what is requested, not of the limit.
`,
      replace: `  behavior:
    scaleDown:
      stabilizationWindowSeconds: 0
`,
    },
  ],
  caughtBy: ["replay-the-autoscaler"],
} satisfies Defect;
