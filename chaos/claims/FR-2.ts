import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-2",
  statement: "A run is picked up in time, although an instance's connection to Redis is half open.",
  document: "Failures that users of such servers have reported",
  where:
    "One run in six began 100 to 120 s late, because a half-open connection to Redis swallowed the wake-up: langchain-ai/langgraph#7417 (comment)",
  decides: "One queue instance's way to Redis drops everything and closes nothing: the time from creation to the claim stays bounded.",
  bound: {
    value: ({ pickUpMs }) => pickUpMs,
    unit: "ms beside a free slot",
    why: "a look at the queue each half second, and the handicap of an instance without Redis",
  },
} satisfies Claim;
