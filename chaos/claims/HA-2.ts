import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-2",
  statement: "Active-active: the failure of one instance does not affect the service as a whole.",
  document: "High availability of a stateful agent server (seed 001)",
} satisfies Claim;
