import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-4",
  statement: "Run throughput grows linearly with queue instances, each handling a set number of runs at a time (10 by default).",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Queue scalability",
  decides:
    "Sleep-bound runs on 1, 2 and 4 instances: no instance ever holds more runs than its limit, and throughput falls short of linear by no more than the bound while work is waiting.",
  bound: {
    value: 10,
    unit: "% below linear",
    why: "the noise of a few seconds a size on two cores; a queue behind one lock misses it by half and more",
  },
} satisfies Claim;
