import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-12",
  statement: "The manifests (Deployment, Service, ConfigMap, Secret, volume claim, probes, autoscaler) run the server.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Kubernetes Deployment",
  decides:
    "Pods are run with their settings and no others, and looked after as a kubelet does: they come up, each setting is one that the server reads, an outage of the database restarts nobody, and the grace is enough; their numbers are the claimed ones.",
  readings: {
    documented: "Liveness and readiness both verify the database, so that an outage of the database restarts every pod.",
    corrected: "Liveness asks only whether the process lives; readiness verifies the database.",
  },
} satisfies Claim;
