import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-13",
  statement: "Caches stay coherent across instances.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Challenges and Best Practices",
  decides:
    "No read is older than what was acknowledged a time to live before it, also when invalidations are lost, and each shows what was written at its version.",
  bound: {
    value: ({ cacheTtlMs = Number.NaN }) => cacheTtlMs,
    unit: "ms",
    why: "the target's time to live of a copy: what is lost is made good by it",
  },
} satisfies Claim;
