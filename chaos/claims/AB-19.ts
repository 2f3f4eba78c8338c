import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-19",
  statement: "An unbalanced load is noticed.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Troubleshooting: Unbalanced Load",
  decides: "One slow instance, and the report or an alert names it.",
  untried: {
    kind: "tested in the server",
    tests: ["deploy/observability.test.ts"],
    reason: "The alert has its own tests there; the harness's report does not name a slow instance.",
  },
} satisfies Claim;
