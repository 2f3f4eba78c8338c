import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-4",
  statement: "Instances are stateless: sessions, caches, costs and roles are shared.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Architecture; Troubleshooting: Session Stickiness Issues",
  decides:
    "The instance is killed after each write, and every other serves what was written, for as long as its last write asked for, costs that are sent again are counted once, and a role that was changed through one is gone by at every other once copies of it have ended.",
  readings: {
    documented: "Sessions, costs and roles live in Redis.",
    corrected: "They live in Postgres, and Redis holds copies: what is evicted there is looked up again (AB-18).",
  },
} satisfies Claim;
