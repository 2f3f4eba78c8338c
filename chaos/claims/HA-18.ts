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
  untried: { kind: "not yet", reason: "The server notifies nobody of a failover; only the metric of leadership and an alert for two leaders exist." },
} satisfies Claim;
