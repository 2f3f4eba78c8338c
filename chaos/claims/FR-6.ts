import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-6",
  statement: "Two turns of one session through two instances are both kept, or one is refused.",
  document: "Failures that users of such servers have reported",
  where: "Two turns of one session through two replicas both succeeded, and one was lost: agentscope-ai/agentscope-java#2146",
  decides: "Of concurrent writers that saw one version one is accepted, and every acknowledged turn is in the result.",
  bound: { value: 0, unit: "acknowledged turns lost", why: "whichever instances took them" },
} satisfies Claim;
