import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-5",
  statement: "Each attempt of a run is handled by one instance, and each run completes exactly once, by means of Postgres's MVCC.",
  document: "Scalability and resilience of a run queue server (seed 003)",
} satisfies Claim;
