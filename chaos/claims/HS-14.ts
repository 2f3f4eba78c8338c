import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-14",
  statement: "State is updated in transactions with adequate isolation, so that no race is left.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Challenges and Best Practices",
  decides:
    "The history of concurrent read-modify-writes of each block and each agent's state is linearizable, no update is lost, and several blocks change together or not at all, on conditions that were true then.",
} satisfies Claim;
