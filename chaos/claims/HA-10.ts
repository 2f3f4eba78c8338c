import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-10",
  statement: "A message tells the other instances to refresh their caches.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "State Synchronization for Agents: Strategies Using Shared Storage",
  decides: "How old a read may be: a moment where the message arrives, a time to live where it is lost.",
  bound: {
    value: ({ cacheTtlMs = Number.NaN }) => cacheTtlMs,
    unit: "ms",
    why: "the target's time to live of a copy: what is lost is made good by it",
  },
} satisfies Claim;
