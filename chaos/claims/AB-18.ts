import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-18",
  statement: "Redis with an append-only file, 2 GB and allkeys-lru serves as the shared store.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Performance Tuning: Optimize Redis",
  decides:
    "Memory pressure evicts a lock, a heartbeat and a role: safety holds, and what is lost is counted. And the manifest gives Redis the guide's settings.",
  readings: {
    documented: "Whatever is shared lies in Redis, and any key may be evicted.",
    corrected:
      "Postgres is the system of record: an evicted lock costs no exclusion, an evicted heartbeat no live run, an evicted role fails closed.",
  },
} satisfies Claim;
