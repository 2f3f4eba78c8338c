import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-5",
  statement: "Joining a stream again after a reconnect neither drops nor repeats events.",
  document: "Reported by users: events were dropped or replayed after a reconnect (langchain-ai/langgraph#7778, langgraphjs#2330, #2689, #2805)",
} satisfies Claim;
