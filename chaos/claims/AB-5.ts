import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-5",
  statement: "Three instances with two workers answer 60 to 120 simple, 20 to 40 complex or 40 to 80 mixed requests a minute.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Capacity Planning: Current Configuration",
  decides: "Measured capacity of that configuration with the service times that the ranges imply, scaled 1:20, against 360 / S a minute.",
  bound: {
    value: 6,
    unit: "requests at a time",
    why: "three instances of two workers, so 360 / S requests a minute with a service time of S seconds",
  },
  readings: {
    documented: "60 to 120 simple, 20 to 40 complex, 40 to 80 mixed a minute, beside a mean response time of 5 s in the calculator.",
    corrected: "At 5 s six workers answer 72 a minute: within the simple and the mixed range, beyond the complex one, which implies 9 to 18 s.",
  },
  untried: { kind: "measured as capacity", study: "guide-rates", reason: "At both ends of each range, and at the calculator's 5 s." },
} satisfies Claim;
