import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-24",
  statement: "Two workers for each core and one more, at most four to six an instance; more instances are better than more workers.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Configuration: Workers Per Instance",
  decides:
    "Four workers in one instance and in two, each with as much to do as it can: they answer alike, and when one of two instances dies the other goes on with its share. What is left of the one instance then is told.",
  bound: {
    value: 25,
    unit: "% between arrangements of four workers",
    why: "the noise of ten seconds on two cores; an instance that starts one of four workers misses it by half",
  },
  readings: {
    documented: "2 x cores + 1, and at most four to six: from three cores on the two contradict each other.",
    corrected: "The smaller of the two.",
  },
} satisfies Claim;
