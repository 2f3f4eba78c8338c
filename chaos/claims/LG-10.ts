import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-10",
  statement: "A momentary outage of Postgres, such as a restart, leaves most or all traffic succeeding and loses no acknowledged write.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Postgres resilience",
  decides:
    "Of the operations wanted between the outage and the first steady second at least the bound is served, and every acknowledged write is there afterwards.",
  bound: {
    value: 99,
    unit: "% of operations",
    why: "the document says most or all; a server that does not wait out the outage fails every operation of these seconds",
  },
} satisfies Claim;
