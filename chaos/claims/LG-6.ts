import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-6",
  statement: "An attempt that fails on a transient database error is tried again up to three times.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Queue scalability",
  decides:
    "n transient errors that outlast the statement's own retries: n up to the bound succeeds on execution n + 1, one more ends the run in error on execution 4, and crashes, drains and leases that are lost use none of them up. An error that is not transient ends the run at once.",
  bound: { value: 3, unit: "further attempts", why: "the document's number" },
} satisfies Claim;
