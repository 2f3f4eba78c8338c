import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-9",
  statement:
    "On SIGINT an instance stops accepting work, gives runs in progress a limited time, gives back what is unfinished, and picks up nothing more.",
  document: "Scalability and resilience of a run queue server (seed 003)",
} satisfies Claim;
