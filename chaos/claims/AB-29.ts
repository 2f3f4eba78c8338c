import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-29",
  statement: "With Redis's timeout of 300 s and keepalive of 300 s an idle connection of the pool still works.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Performance Tuning: Optimize Redis",
  decides:
    "The time-out is scaled down, connections idle for longer: Redis has as many clients as before, and requests are served. And the manifest gives Redis the guide's settings.",
  bound: { value: 300, unit: "s of silence", why: "the guide's timeout, scaled down to 2 s in the experiment" },
} satisfies Claim;
