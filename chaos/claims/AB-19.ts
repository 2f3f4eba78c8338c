import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-19",
  statement: "An unbalanced load is noticed.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Troubleshooting: Unbalanced Load",
  decides: "One instance is slow: among the answers by instance its own stand out, and the report names it.",
  bound: {
    value: 20,
    unit: "% of its answers slow",
    why: "and three times the share of any other instance: who looks for the slow one has to see one, and that one",
  },
} satisfies Claim;
