import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-11",
  statement:
    "A prolonged outage of Postgres makes the server unavailable: clear refusals at once, not ready but alive, and full recovery without a restart.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Postgres resilience",
  decides:
    "Every request is answered within the budget and a second, within 500 ms once the budget is over, and a refusal says when to come again (Retry-After), and nothing that was made before is answered as if it were not there; no instance is ready, all stay alive, and service is steady again by itself, for runs and for queries.",
  bound: {
    value: ({ outageBudgetMs = Number.NaN }) => outageBudgetMs + 1000,
    unit: "ms",
    why: "from a request to its refusal: callers are kept for the outage budget and no longer",
  },
} satisfies Claim;
