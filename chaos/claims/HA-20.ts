import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-20",
  statement: "Expiration policies balance consistency and performance.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "State Synchronization for Agents: Strategies Using Distributed Caches",
  decides: "A curve of hit ratio against staleness over times to live.",
  untried: { kind: "not yet", reason: "The load of cache-first reads and the runs at several times to live are missing." },
} satisfies Claim;
