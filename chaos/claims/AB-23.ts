import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-23",
  statement: "Requests are not buffered, and an answer may take 300 s.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Architecture: Components; Configuration: Workers Per Instance",
  decides: "Queries that take 90 s, and 290 s in weekly runs, are asked through the balancer under load, and each gets its answer.",
  bound: { value: 90, unit: "s", why: "longer than nginx's default read time-out; all that the guide promises takes a weekly run" },
  readings: {
    documented: "The application's time-out is 300 s, and nginx's is not mentioned.",
    corrected: "nginx's read time-out of 60 s by default ends it first, so both are set.",
  },
} satisfies Claim;
