import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-3",
  statement: "A run in progress can be streamed from any instance.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Server scalability",
  decides:
    "Streams joined anywhere and at any time are in order, without gap and duplicate from the event they ask for, hold only what is stored, tell of each step and each token once, bring the run's end, and do not fall silent.",
  bound: {
    value: 3000,
    unit: "ms",
    why: "to an event that another client already had: streams look at the store twice a second, so a lost message costs one look",
  },
} satisfies Claim;
