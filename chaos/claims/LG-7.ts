import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-7",
  statement: "No transaction and no lock is held in Postgres for long.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Queue scalability",
  decides:
    "While runs of 20 s and more execute without a fault, no session of the target is seen twice in one transaction that is older than the bound, and none that is idle has held an advisory lock for longer.",
  bound: {
    value: 2000,
    unit: "ms",
    why: "the age of a transaction or a lock: far above any statement of the server, far below the runs it might span",
  },
} satisfies Claim;
