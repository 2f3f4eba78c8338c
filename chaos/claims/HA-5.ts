import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-5",
  statement: "Pool size, overflow, time-out and recycling prevent the exhaustion of connections.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Database High Availability: Connection Pooling",
  decides:
    "Demand beyond the pool waits within a bound or is refused in so many words; Postgres never counts more sessions than the budget; connections are replaced when their time is over, and those beyond the pool's size are closed when the crowd is gone. And by the manifests Postgres has a connection for every pool of every pod.",
  bound: {
    value: ({ connectionsPerInstance }) => connectionsPerInstance,
    unit: "connections a live instance",
    why: "the target declares it, and Postgres counts them",
  },
} satisfies Claim;
