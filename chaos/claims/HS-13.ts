import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-13",
  statement: "Caches stay coherent across instances.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Challenges and Best Practices",
  decides: "No read is older than what was acknowledged a time to live before it, also when invalidations are lost.",
  untried: {
    kind: "tested in the server",
    tests: ["agents/agent-cache.test.ts", "store/versioned-cache.test.ts"],
    reason: "Two instances are cut off from Redis there; no experiment judges reads through every instance under load.",
  },
} satisfies Claim;
