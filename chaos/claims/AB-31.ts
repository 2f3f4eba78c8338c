import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-31",
  statement: "Unbalanced load, high latency, leaks and lost sessions each have a sign that can be seen.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Troubleshooting",
  decides:
    "Each is brought about: a slow instance shows in its answers and in its own gauge of lag, growing memory in its slope, a lost session in the reads of its client.",
} satisfies Claim;
