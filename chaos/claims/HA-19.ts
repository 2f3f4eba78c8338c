import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-19",
  statement: "Archived write-ahead log lets a standby that fell behind catch up.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Database High Availability: PostgreSQL Replication",
  decides: "A standby is down for longer than the primary keeps its log, comes back, and holds everything.",
  untried: { kind: "out of reach", reason: "It takes a standby and an archive." },
} satisfies Claim;
