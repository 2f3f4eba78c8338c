import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-20",
  statement: "Memory leaks are noticed.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Troubleshooting: Memory Leaks",
  decides: "A soak: the slope of memory with its confidence interval.",
  untried: {
    kind: "tested in the server",
    tests: ["deploy/observability.test.ts"],
    reason: "The alert has its own tests there; there is no soak yet, although the checker of growth is written.",
  },
} satisfies Claim;
