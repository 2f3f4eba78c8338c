import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-18",
  statement: "The passive instance redirects traffic by balancer or DNS when it takes over, and administrators are told.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Deployment Topologies: Active-Passive Deployment",
  decides: "Traffic reaches the new active one within a bound, and a receiver gets one notification.",
  readings: {
    documented: "The passive instance rewrites the balancer's configuration or DNS records.",
    corrected: "Only the active one listens, so passive checks lead the traffic there and nothing is rewritten.",
  },
  untried: {
    kind: "tested in the server",
    tests: ["leader/active-passive.test.ts"],
    reason:
      "A receiver is told of each failover there, also when it refuses at first; that traffic reaches the new active instance is tried without load.",
  },
} satisfies Claim;
