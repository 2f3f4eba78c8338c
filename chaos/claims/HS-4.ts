import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-4",
  statement: "ip_hash sends one client to one instance.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Nginx Load Balancing and Session Affinity",
  decides: "Clients of sixty addresses ask under load: each is answered by one instance; when that dies its clients move, and nobody else's do.",
  bound: { value: 1, unit: "instance a client", why: "as long as no instance leaves or comes" },
} satisfies Claim;
