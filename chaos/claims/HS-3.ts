import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-3",
  statement: "A WebSocket is upgraded and kept through nginx.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Nginx Load Balancing and Session Affinity",
  decides:
    "Clients connect through the balancer, nobody says a word for longer than its read time-out, and then all hear what is said; without the header they are refused.",
  bound: { value: 60, unit: "s", why: "the default read time-out of nginx, which an idle connection has to outlast; scaled down in the tests" },
} satisfies Claim;
