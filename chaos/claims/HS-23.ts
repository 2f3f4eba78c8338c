import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-23",
  statement: "Communication between instances is monitored, so that bottlenecks and failures are seen.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Challenges and Best Practices",
  decides:
    "While one instance's messages to and from Redis are delayed, its metric tells of no less than the delay, and in calm times nobody's tells of a second.",
  bound: { value: 1000, unit: "ms", why: "from which the target's alert calls messages late" },
} satisfies Claim;
