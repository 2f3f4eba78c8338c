import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-12",
  statement: "Health endpoints verify database, cache and external services.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Monitoring and Automated Failover: Health Checks",
  decides: "Each dependency down in turn: the right component is named, with the right status, in time.",
  untried: { kind: "tested in the server", tests: ["health.test.ts"], reason: "Each dependency is taken away from one instance there." },
} satisfies Claim;
