import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-7",
  statement: "An instance that fails its health check leaves the pool and returns when it is healthy.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Load Balancing and Session Management: Configuring Load Balancing",
  decides:
    "Under writes that go to one instance only, an instance is killed: clients see no more of it within the bound, and it serves again when the balancer's time for it is over.",
  bound: {
    value: 2000,
    unit: "ms",
    why: "from the failure until no request fails any more: three failures eject an instance, which at the load's rate come within a second",
  },
  readings: {
    documented: "Health checks remove any instance that fails them.",
    corrected:
      "nginx without its commercial part has passive checks only: it counts failed requests, so an instance whose health page fails while its routes work stays.",
  },
} satisfies Claim;
