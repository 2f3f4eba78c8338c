import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-8",
  statement:
    "The handling instance records a heartbeat in Redis; a crashed handler's runs come back, and a live handler's run is never taken from it.",
  document: "Scalability and resilience of a run queue server (seed 003)",
} satisfies Claim;
