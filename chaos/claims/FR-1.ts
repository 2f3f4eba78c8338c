import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-1",
  statement: "A run that takes longer than every lease and time-out is executed once, by the one instance that holds it.",
  document:
    "Reported by users: runs were silently executed again at about 180 s while the first execution went on (langchain-ai/langgraph#7213, #7417)",
} satisfies Claim;
