import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-12",
  statement: "The manifests (Deployment, Service, ConfigMap, Secret, volume claim, probes, autoscaler) run the server.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Kubernetes Deployment",
  decides: "They fit the published schemas, their probes and settings are the server's, and the autoscaler settles on measured load.",
  readings: {
    documented: "Liveness and readiness both verify the database, so that an outage of the database restarts every pod.",
    corrected: "Liveness asks only whether the process lives; readiness verifies the database.",
  },
  untried: {
    kind: "tested in the server",
    tests: ["deploy/kubernetes.test.ts"],
    reason: "The manifests are validated there against schemas and server; a cluster to run them is out of reach.",
  },
} satisfies Claim;
