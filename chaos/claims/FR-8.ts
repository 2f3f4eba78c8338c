import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-8",
  statement: "Every run ends, although Redis dies between any two steps of claiming and completing it.",
  document: "Failures that users of such servers have reported",
  where: "A run was stuck for ever when Redis died between two steps of a script: triggerdotdev/trigger.dev#834",
  decides: "Redis is killed at every step of both paths, and every run is terminal afterwards, none of them in error.",
} satisfies Claim;
