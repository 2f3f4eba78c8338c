import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-19",
  statement: "Archived write-ahead log lets a standby that fell behind catch up.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Database High Availability: PostgreSQL Replication",
  decides:
    "A standby is down until the primary has removed the log that it needs, under load, and comes back: it restores that log from the archive, and has every row that the primary had then. It violates when it is refused again and again and stands still.",
} satisfies Claim;
