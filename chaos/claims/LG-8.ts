import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-8",
  statement:
    "The handling instance records a heartbeat in Redis; a crashed handler's runs come back, and a live handler's run is never taken from it.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Resilience",
  decides:
    "Every run of a killed or stopped handler, or of one that had to leave it without the database, is back in the queue within the bound, and none is taken while its heartbeat is fresh.",
  bound: {
    value: ({ heartbeatTimeoutMs = Number.NaN, sweepIntervalMs = Number.NaN }) => heartbeatTimeoutMs + sweepIntervalMs,
    unit: "ms",
    why: "from the handler's end to the re-queue: the heartbeat has to run out, and a sweep has to come",
  },
} satisfies Claim;
