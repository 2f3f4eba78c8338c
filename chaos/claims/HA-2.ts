import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-2",
  statement: "Active-active: the failure of one instance does not affect the service as a whole.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Deployment Topologies",
  decides:
    "Any instance is killed under load: of the operations wanted from then to the first steady second at least the bound is served, and what nobody may send twice is carried out once.",
  bound: {
    value: 99,
    unit: "% of operations",
    why: "only what the dead instance was answering may fail: at 60 requests/s of some ms each that is one or two, far below 1 % of the seconds that follow",
  },
  readings: {
    documented: "The failure of an instance does not impact the system.",
    corrected: "What the instance was answering may fail; everything else is served.",
  },
} satisfies Claim;
