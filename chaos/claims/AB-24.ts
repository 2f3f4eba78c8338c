import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-24",
  statement: "Two workers for each core and one more, at most four to six an instance; more instances are better than more workers.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Configuration: Workers Per Instance",
  decides: "Paired runs of the same total number of workers.",
  readings: {
    documented: "2 x cores + 1, and at most four to six: from three cores on the two contradict each other.",
    corrected: "The smaller of the two.",
  },
  untried: { kind: "not yet", reason: "Workers of an instance exist (workers/supervise.test.ts); paired runs are missing." },
} satisfies Claim;
