import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-21",
  statement: "The guide's k6 script passes: POST /api/v1/query answers 200 in under 5 s while ten users come and go.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Load Testing",
  decides: "The script's stages and checks as a scenario, at a short and at the full length.",
  bound: { value: 5, unit: "s", why: "the script's own check" },
  untried: { kind: "measured as capacity", study: "guide-script", reason: "Shortened, and at full length with --profile nightly." },
} satisfies Claim;
