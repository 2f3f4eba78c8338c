import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-1",
  statement: "A run that takes longer than every lease and time-out is executed once, by the one instance that holds it.",
  document: "Failures that users of such servers have reported",
  where: "A run was executed again in silence at about 180 s while the first execution went on: langchain-ai/langgraph#7213, #7417",
  decides: "Runs of three heartbeat time-outs and more without a fault: one live attempt, one set of effects, and none is taken from its handler.",
  bound: {
    value: ({ heartbeatTimeoutMs = Number.NaN }) => 3 * heartbeatTimeoutMs,
    unit: "ms",
    why: "how long a run has to last to count: three times the shortest lease that could end it",
  },
} satisfies Claim;
