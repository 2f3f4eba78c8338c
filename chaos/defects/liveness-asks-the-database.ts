/** As seed 000 has it: one page for both probes. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "liveness-asks-the-database",
  claim: "HS-12",
  what: "The liveness probe asks what the readiness probe asks, and an outage of the database restarts every pod.",
  edits: [
    {
      file: "deploy/kubernetes/api.yaml",
      find: `          livenessProbe:
            httpGet:
              path: /api/v1/monitoring/live
`,
      replace: `          livenessProbe:
            httpGet:
              path: /api/v1/monitoring/ready
`,
    },
  ],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
