import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-20",
  statement: "Expiration policies balance consistency and performance.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "State Synchronization for Agents: Strategies Using Distributed Caches",
  decides:
    "Copies live for half a second and then for six, and one instance hears of no change: no read is staler than its time allows, and a longer life answers more reads from copies.",
} satisfies Claim;
