/** A name that reads better, and that nobody else knows. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "key-nobody-reads",
  claim: "HS-12",
  what: "The ConfigMap sets POOL_TIMEOUT, which the server does not read.",
  edits: [
    {
      file: "deploy/kubernetes/config.yaml",
      find: `  POOL_TIMEOUT_MS: "2000"
`,
      replace: `  POOL_TIMEOUT: "2000"
`,
    },
  ],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
