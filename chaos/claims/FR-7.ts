import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-7",
  statement: "A worker that loses what it had in Redis (a restart, FLUSHALL, eviction) goes on consuming.",
  document: 'Reported by users: a worker lost its Redis locks, stayed "healthy" and consumed nothing for days (langfuse/langfuse#15509)',
} satisfies Claim;
