/** Sessions would be back after a restart, had anybody written them down. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "file-not-written",
  claim: "AB-22",
  what: "The manifest's Redis writes no append-only file.",
  edits: [{ file: "deploy/kubernetes/dependencies.yaml", find: `--appendonly yes`, replace: `--appendonly no` }],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
