import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-5",
  statement: "Joining a stream again after a reconnect neither drops nor repeats events.",
  document: "Failures that users of such servers have reported",
  where: "Events were dropped or replayed after a reconnect: langchain-ai/langgraph#7778, langgraphjs#2330, #2689, #2805",
  decides: "Clients break off and resume at every boundary while instances are killed: no gap and no duplicate after the event they name.",
} satisfies Claim;
