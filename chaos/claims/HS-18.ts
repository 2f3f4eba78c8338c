import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-18",
  statement: "Stateful sessions over WebSockets work behind a balancer.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Nginx Load Balancing and Session Affinity; against seed 003, Server scalability",
  decides:
    "Clients without affinity keep their session over reconnects to other instances, message by message; with affinity the same holds until their instance dies.",
  readings: {
    documented: "Affinity by ip_hash is critical for sessions (seed 000); no stickiness is needed or recommended (seed 003).",
    corrected: "State and events are shared, so no affinity is needed; with it, the death of an instance still moves its clients.",
  },
} satisfies Claim;
