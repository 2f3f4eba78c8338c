/** The port that many images have. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "wrong-target-port",
  claim: "AB-27",
  what: "The Service leads to port 8080, and pods listen on 8000.",
  edits: [
    {
      file: "deploy/kubernetes/api.yaml",
      find: `      port: 80
      targetPort: http
`,
      replace: `      port: 80
      targetPort: 8080
`,
    },
  ],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
