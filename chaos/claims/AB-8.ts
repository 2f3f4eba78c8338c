import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-8",
  statement: "Each instance has /api/v1/health, /api/v1/monitoring/ready and /api/v1/monitoring/live.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Health Checks & Failover: Application Health Check",
  decides: "Each under the failure of each dependency.",
  readings: {
    documented: "Not said what the live page may ask; seed 000 has liveness probes verify the database.",
    corrected: "The live page depends on nothing but the process: one that asks the database restarts every instance in an outage.",
  },
  untried: {
    kind: "tested in the server",
    tests: ["health.test.ts", "deploy/kubernetes.test.ts"],
    reason: "Each dependency is taken away there; LG-11 watches ready and live in an experiment.",
  },
} satisfies Claim;
