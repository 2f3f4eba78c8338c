import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-2",
  statement: "An instance is removed after three failed requests and tried again after 30 s.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Health Checks & Failover: Nginx Health Checks",
  decides: "The balancer's log: three failures within 30 s eject it, and one request tries it after 30 to 31 s.",
  bound: { value: 3, unit: "failures within 30 s", why: "the guide's max_fails and fail_timeout" },
  untried: {
    kind: "tested in the server",
    tests: ["deploy/nginx-balancing.test.ts"],
    reason: "It is tried there with a shorter time against simple upstreams.",
  },
} satisfies Claim;
