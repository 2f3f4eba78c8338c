import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-14",
  statement: "All communication with Postgres sends again what failed for a passing reason, and nothing else.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Postgres resilience",
  decides:
    "Every route, the queue's statements and the sweeper meet a broken connection and answer as if nothing had happened; permanent errors are passed on at once. What took effect and was never answered is found again, and costs no run an execution. An instance that could not resolve the name of its database takes runs again.",
} satisfies Claim;
