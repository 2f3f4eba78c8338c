import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-11",
  statement:
    "A prolonged outage of Postgres makes the server unavailable: clear refusals at once, not ready but alive, and full recovery without a restart.",
  document: "Scalability and resilience of a run queue server (seed 003)",
} satisfies Claim;
