import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-1",
  statement: "Active-passive: the passive instance takes over when the active one fails.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Deployment Topologies",
  decides: "The active one is killed, stopped or cut off: the passive one serves within a bound, and never do two act at once.",
  bound: { value: 1, unit: "active instance at a time", why: "counted by accepted writes, whatever the instances believe" },
  untried: {
    kind: "tested in the server",
    tests: ["leader/leader.test.ts", "leader/active-passive.test.ts"],
    reason: "Leases run out and are taken there; no experiment stops the active instance under load.",
  },
} satisfies Claim;
