/** A page that an older version had. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "wrong-probe-path",
  claim: "HS-12",
  what: "The liveness probe asks for a page that the server does not have, and pods are restarted that are alive.",
  edits: [
    {
      file: "deploy/kubernetes/api.yaml",
      find: `          livenessProbe:
            httpGet:
              path: /api/v1/monitoring/live
`,
      replace: `          livenessProbe:
            httpGet:
              path: /api/v1/monitoring/alive
`,
    },
  ],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
