import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-24",
  statement: "Asynchronous processing of what is not critical, and cached reads, lower latency.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Latency Optimization",
  decides:
    "While Postgres is far away, in pairs of one client: a read of a copy is answered sooner than one of the record, and the acceptance of a run sooner than its result.",
  bound: { value: 50, unit: "% of pairs at least", why: "with 99.9 % confidence: else the early answer is no earlier" },
} satisfies Claim;
