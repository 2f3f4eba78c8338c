import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-14",
  statement: "The pool is monitored (checked out, available, overflow), with an alert near exhaustion.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Monitoring and Automated Failover: Database Pool Monitoring",
  decides: "The gauges equal what Postgres counts while nothing changes; the alert fires before exhaustion and clears after.",
  untried: {
    kind: "tested in the server",
    tests: ["store/pool.test.ts", "deploy/observability.test.ts"],
    reason: "Gauges and rules are tried there, the rules by their own tests; no experiment drives a pool to its end under a Prometheus.",
  },
} satisfies Claim;
