import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-7",
  statement: "No transaction and no lock is held in Postgres for long.",
  document: "Scalability and resilience of a run queue server (seed 003)",
} satisfies Claim;
