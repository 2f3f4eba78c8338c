import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-4",
  statement: "A failover manager promotes the standby by itself, and this is tried regularly.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Database High Availability: Failover Mechanisms",
  decides: "The primary is killed, stopped and cut off again and again: the distributions of the time to writable and of the loss.",
  untried: { kind: "out of reach", reason: "It takes a replicated Postgres and a manager such as Patroni or repmgr." },
} satisfies Claim;
