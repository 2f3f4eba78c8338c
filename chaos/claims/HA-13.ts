import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-13",
  statement: "A component that was taken for dead cannot write once its successor has taken over (fencing).",
  document: "High availability of a stateful agent server (seed 001)",
} satisfies Claim;
