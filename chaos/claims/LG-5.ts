import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-5",
  statement: "Each attempt of a run is handled by one instance, and each run completes exactly once, by means of Postgres's MVCC.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Queue scalability",
  decides:
    "Ledger, audit trail and clients agree: one terminal transition a run, no two live attempts, no write of an older attempt after a newer claim, no effect twice but beside a handler that was stopped. Runs of a thread are worked on one after another, and who takes their place finds them over.",
} satisfies Claim;
