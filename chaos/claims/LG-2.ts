import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-2",
  statement: "A cancel that is sent to any instance reaches the queue instance that holds the run.",
  document: "Scalability and resilience of a run queue server (seed 003)",
} satisfies Claim;
