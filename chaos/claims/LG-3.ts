import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-3",
  statement: "A run in progress can be streamed from any instance.",
  document: "Scalability and resilience of a run queue server (seed 003)",
} satisfies Claim;
