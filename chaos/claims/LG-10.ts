import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-10",
  statement: "A momentary outage of Postgres, such as a restart, leaves most or all traffic succeeding and loses no acknowledged write.",
  document: "Scalability and resilience of a run queue server (seed 003)",
} satisfies Claim;
