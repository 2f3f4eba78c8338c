import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-24",
  statement: "Asynchronous processing of what is not critical, and cached reads, lower latency.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Latency Optimization",
  decides: "Paired runs of the same arrivals, with and without.",
  untried: { kind: "not yet", reason: "Paired runs need a switch of the load, not of the server: the scenario is missing." },
} satisfies Claim;
