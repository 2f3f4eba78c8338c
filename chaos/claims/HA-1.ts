import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-1",
  statement: "Active-passive: the passive instance takes over when the active one fails.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Deployment Topologies",
  decides:
    "The active one of each role is killed, another time stopped and resumed, and another time told to end: the passive one acts in its place within the bound, no acknowledged write is lost, and nobody writes after its successor has, by the writes that the database accepted, whatever the instances believe; whoever wakes up to find its place taken answers nobody two seconds later; and who is told to end ends or gives back all that it has, before another one begins.",
  bound: {
    value: ({ takeoverMs }) => takeoverMs,
    unit: "ms",
    why: "from the fault to the first write of another one: the lease, a look of the one that waits, and the end of the sessions of the one before",
  },
} satisfies Claim;
