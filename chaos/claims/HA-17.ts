import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-17",
  statement: "nginx caches the answers to frequent reads.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Latency Optimization",
  decides:
    "Users who ask for the first time are never answered from the cache, who asks again at once mostly is, and nothing is served for longer than its time.",
} satisfies Claim;
