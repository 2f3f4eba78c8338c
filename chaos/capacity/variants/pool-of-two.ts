/** Two connections to Postgres an instance, which is 20 ms away: statements wait for a connection long before places for runs are used up. */
import type { Variant } from "../../../harness/capacity/study.ts";

export default {
  id: "pool-of-two",
  what: "Each instance has two connections to a Postgres that is 20 ms away, and places for 40 runs.",
  environment: { "*": { POOL_SIZE: "2" }, queue: { RUNS_PER_INSTANCE: "40" } },
  latencyMs: { "*->postgres": 20 },
  caps: "pool",
} satisfies Variant;
