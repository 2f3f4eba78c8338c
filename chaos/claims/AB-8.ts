import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-8",
  statement: "Each instance has /api/v1/health, /api/v1/monitoring/ready and /api/v1/monitoring/live.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Health Checks & Failover: Application Health Check",
  decides:
    "Each dependency is lost in turn, by its end or in silence, and every instance is asked for all three pages meanwhile: health names what is down (HA-12), ready says no without Postgres, and live says yes throughout.",
  readings: {
    documented: "Not said what the live page may ask; seed 000 has liveness probes verify the database.",
    corrected: "The live page depends on nothing but the process: one that asks the database restarts every instance in an outage.",
  },
} satisfies Claim;
