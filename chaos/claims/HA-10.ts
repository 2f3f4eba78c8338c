import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-10",
  statement: "A message tells the other instances to refresh their caches.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "State Synchronization for Agents: Strategies Using Shared Storage",
  decides: "How old a read may be: a moment where the message arrives, a time to live where it is lost.",
  untried: {
    kind: "tested in the server",
    tests: ["agents/agent-cache.test.ts", "store/versioned-cache.test.ts"],
    reason: "Messages are lost there between two instances; the checker of staleness decides no experiment yet.",
  },
} satisfies Claim;
