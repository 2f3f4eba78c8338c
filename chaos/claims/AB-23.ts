import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-23",
  statement: "Requests are not buffered, and an answer may take 300 s.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Architecture: Components; Configuration: Workers Per Instance",
  decides: "An answer of 90 s arrives through the balancer.",
  bound: { value: 90, unit: "s", why: "longer than nginx's default read time-out, shorter than the guide's" },
  readings: {
    documented: "The application's time-out is 300 s, and nginx's is not mentioned.",
    corrected: "nginx's read time-out of 60 s by default ends it first, so both are set.",
  },
  untried: { kind: "not yet", reason: "The read time-out is a setting of the balancer; no test waits for so long an answer." },
} satisfies Claim;
