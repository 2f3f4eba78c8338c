import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-20",
  statement: "Memory leaks are noticed.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Troubleshooting: Memory Leaks",
  decides:
    "A soak: the slope of each instance's memory, with its confidence interval of 99 %, over the whole of it and over its later half; and in the same way the number of series that each tells of itself, which grows with routes and not with requests.",
  bound: {
    value: 7200,
    unit: "MB an hour",
    why: "in two minutes, of which warming up explains more than half; only what grows steadily and faster is a leak for certain. A soak of nine minutes allows 1,200",
  },
} satisfies Claim;
