import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-4",
  statement: "No two events of a stream have one id, ids increase as numbers, and a stream resumes from every one of them.",
  document: "Failures that users of such servers have reported",
  where: "Two events of one millisecond had one id, and ids were compared as text: langchain-ai/langgraph#8112",
  decides:
    "Ids of each run are integers that increase over attempts, one id is one event for everybody, and who names one gets the next and all that follow, to the end.",
} satisfies Claim;
