import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-17",
  statement: "nginx caches the answers to frequent reads.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Latency Optimization",
  decides: "Frequent reads are answered without the instances, nobody gets another's answer, and none is older than its time.",
  untried: {
    kind: "tested in the server",
    tests: ["deploy/nginx-cache.test.ts"],
    reason: "Two users read through a real nginx there, without load.",
  },
} satisfies Claim;
