import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-3",
  statement: "Streams of events are not held back by nginx.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Architecture: Components",
  decides:
    "Runs take a step each second: the event of a step is at its clients soon after the next step is at the judge's ledger, while later ones are still to come; and an answer that is asked for token by token comes so, and not in one piece.",
  bound: {
    value: 2000,
    unit: "ms",
    why: "instances look at the store twice a second, whatever messages are lost; held back until its run's end, the first event is four seconds late",
  },
} satisfies Claim;
