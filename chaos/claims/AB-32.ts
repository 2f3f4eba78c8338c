import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-32",
  statement: "It runs on AWS ECS, on Cloud Run, and behind a CDN.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Cloud Deployment",
  decides: "The same experiments there.",
  untried: { kind: "out of reach", reason: "It takes accounts and networks that a test on one machine has not." },
} satisfies Claim;
