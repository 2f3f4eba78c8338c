import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-9",
  statement:
    "On SIGINT an instance stops accepting work, gives runs in progress a limited time, gives back what is unfinished, and picks up nothing more.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Resilience",
  decides:
    "After the signal no attempt begins later than 500 ms, what was under way has ended or is given back before the process is gone, the process ends in time, and clients do not feel it.",
  bound: {
    value: ({ shutdownMs }) => shutdownMs,
    unit: "ms",
    why: "from the signal to the end of the process: the drain time and giving back, as the target declares it",
  },
} satisfies Claim;
