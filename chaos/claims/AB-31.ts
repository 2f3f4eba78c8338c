import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-31",
  statement: "Unbalanced load, high latency, leaks and lost sessions each have a sign that can be seen.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Troubleshooting",
  decides: "Each is planted, and each is named by report or alert.",
  untried: {
    kind: "not yet",
    reason:
      "Alerts for the first three exist and have their own tests (deploy/observability.test.ts); none is planted under load, and lost sessions have no alert.",
  },
} satisfies Claim;
