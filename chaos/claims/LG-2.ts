import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-2",
  statement: "A cancel that is sent to any instance reaches the queue instance that holds the run.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Server scalability",
  decides:
    "An acknowledged cancel was committed and is the run's only end, and the handler begins no further step later than the bound and has left its attempt by then; a refused one met a run that had ended. Whoever takes a run's place in its thread cancels it as well.",
  bound: {
    value: ({ cancelMs }) => cancelMs,
    unit: "ms",
    why: "from the answer to the cancel to the last step that its handler begins, and to the end of its attempt: the target declares it, and it covers a lost message",
  },
} satisfies Claim;
