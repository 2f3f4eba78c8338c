import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-7",
  statement: "A worker that loses what it had in Redis (a restart, FLUSHALL, eviction) goes on consuming.",
  document: "Failures that users of such servers have reported",
  where: "A worker lost its Redis locks, stayed healthy and consumed nothing for days: langfuse/langfuse#15509",
  decides:
    "Redis is killed, flushed and stopped in turn, and replaced by another server of its group: no run is left lying, and clients are served; an instance that was cut off from it takes runs again, and none ends for want of it.",
  bound: {
    value: 99,
    unit: "% of operations",
    why: "served during each of them, because Redis only carries messages: nothing whose loss would matter lies there alone, so no write to it waits for a copy (WAIT)",
  },
} satisfies Claim;
