import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-12",
  statement: "Health endpoints verify database, cache and external services.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Monitoring and Automated Failover: Health Checks",
  decides: "Each dependency is lost in turn, with its end or in silence: every instance names it, and only it, with status 503, in time.",
  bound: { value: 1500, unit: "ms", why: "from the question to the answer: each component is asked for a second at most, all at the same time" },
} satisfies Claim;
