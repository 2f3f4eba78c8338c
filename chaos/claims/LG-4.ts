import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-4",
  statement: "Run throughput grows linearly with queue instances, each handling a set number of runs at a time (10 by default).",
  document: "Scalability and resilience of a run queue server (seed 003)",
} satisfies Claim;
