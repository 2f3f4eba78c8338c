import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-6",
  statement: "Round robin, least connections and IP hash distribute requests as they say.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Load Balancing and Session Management: Configuring Load Balancing",
  decides:
    "Round robin differs by no more than the bound, least_conn picked whoever had the fewest open, ip_hash keeps to one, random passes a chi-square test at 1e-4.",
  bound: { value: 1, unit: "request between instances for each nginx worker", why: "each worker goes round by itself" },
  untried: {
    kind: "tested in the server",
    tests: ["deploy/nginx-balancing.test.ts"],
    reason: "Simple upstreams are counted there, one of them slow; the checkers of distribution decide no experiment yet.",
  },
} satisfies Claim;
