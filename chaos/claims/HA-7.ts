import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-7",
  statement: "An instance that fails its health check leaves the pool and returns when it is healthy.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Load Balancing and Session Management: Configuring Load Balancing",
  decides: "The window of errors and the time to return, by the balancer's own log.",
  readings: {
    documented: "Health checks remove any instance that fails them.",
    corrected:
      "nginx without its commercial part has passive checks only: it counts failed requests, so an instance whose health page fails while its routes work stays.",
  },
  untried: {
    kind: "tested in the server",
    tests: ["deploy/nginx-balancing.test.ts"],
    reason: "Upstreams that refuse are ejected and taken back there; the error window under load is not measured.",
  },
} satisfies Claim;
