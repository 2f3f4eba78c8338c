import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-29",
  statement: "With Redis's timeout of 300 s and keepalive of 300 s an idle connection of the pool still works.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Performance Tuning: Optimize Redis",
  decides: "The time-out is scaled down, the connection idles for longer, and the next command succeeds.",
  bound: { value: 300, unit: "s", why: "the guide's timeout, scaled down with the test" },
  untried: { kind: "not yet", reason: "Nothing starts Redis with such a time-out." },
} satisfies Claim;
