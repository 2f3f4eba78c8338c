import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-6",
  statement: "Round robin, least connections and IP hash distribute requests as they say.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Load Balancing and Session Management: Configuring Load Balancing",
  decides:
    "Under load, round robin differs by no more than the bound, ip_hash keeps the one client address to one instance, random passes a chi-square test at 1e-4; that least_conn picks whoever has the fewest open is counted in the server's tests, with a slow upstream.",
  bound: { value: 1, unit: "request between instances for each nginx worker", why: "each worker goes round by itself" },
} satisfies Claim;
