import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-18",
  statement: "The passive instance redirects traffic by balancer or DNS when it takes over, and administrators are told.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Deployment Topologies: Active-Passive Deployment",
  decides:
    "Another instance acknowledges a create within the bound; while one serves, at most one of a hundred writes without a key finds nobody, or one that only stands by; and a receiver that refuses the first time takes one notification of each failover: none, two for one, or one that it has taken already violate.",
  bound: {
    value: ({ takeoverMs }) => (takeoverMs === undefined ? undefined : takeoverMs + 1000),
    unit: "ms",
    why: "from the fault until a client has an answer of another instance: a takeover (HA-1), and the second after which the balancer gives a connection up",
  },
  readings: {
    documented: "The passive instance rewrites the balancer's configuration or DNS records.",
    corrected:
      "Only the active one listens, so the balancer finds it and nothing is rewritten. What may be sent once only goes on from an instance that takes no connection; of a PUT or a DELETE nginx cannot tell whether it was sent, so that a read finds the active one first.",
  },
} satisfies Claim;
