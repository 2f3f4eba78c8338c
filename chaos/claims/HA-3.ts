import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-3",
  statement: "Streaming replication: a standby is promoted with minimal loss.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Database High Availability: PostgreSQL Replication",
  decides: "Synchronous: no acknowledged write is lost. Asynchronous: the window of loss is measured and told.",
  bound: {
    value: 0,
    unit: "acknowledged writes lost",
    why: "with synchronous replication and a killed process; the page cache survives, so the loss of an fsync interval cannot be shown",
  },
  untried: { kind: "out of reach", reason: "It takes a primary with a standby; the process driver starts one Postgres." },
} satisfies Claim;
