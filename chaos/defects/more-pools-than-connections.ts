/** Enough for three pods, and not for ten. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "more-pools-than-connections",
  claim: "HA-5",
  what: "The manifests leave Postgres the hundred connections that it allows by itself, while the autoscaler may run pods whose pools take more.",
  edits: [{ file: "deploy/kubernetes/dependencies.yaml", find: "          args: [-c, max_connections=200]\n", replace: "" }],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
